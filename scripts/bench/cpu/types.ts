/** An engine as it is measured. */
export interface Contestant {
  engine: 'paddock' | 'wllama';
  /** 0: as the engine chooses. */
  threads: number;
  /** Absent: as the engine chooses. */
  kernels?: 'plain' | 'relaxed';
  /** Absent: 16 bits. */
  cache?: 'q8_0';
}

export interface Ask {
  prompt: string;
  /** Tokens of the reply. */
  predict: number;
}

export interface Measured {
  /** That were evaluated, without the cached ones. */
  promptTokens: number;
  /** To the first token of the reply. */
  promptMs: number;
  /** After the first one. */
  tokens: number;
  ms: number;
}

export interface CancelTask {
  prompt: string;
  /** The kind of chunk after which the cancel is sent: while it reads, or while it writes. */
  at: 'prompt' | 'delta';
}

/** Milliseconds from the wish to the engine's rest. */
export type Cancels = Record<CancelTask['at'], number[]>;
