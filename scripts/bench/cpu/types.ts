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
  rounds: number;
}

/** Milliseconds from the wish to the engine's rest, while it reads and while it writes. */
export interface Cancels {
  prompt: number[];
  reply: number[];
}
