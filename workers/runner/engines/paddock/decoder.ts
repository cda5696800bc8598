/** The forward pass, whatever computes it: what generation needs of a loaded model's weights and cache. */
import type { SamplerSettings } from './sampler/settings';

/** The keys and values of a prefix, out of the cache; only the decoder that made it can read it. */
export interface CacheSnapshot {
  /** Tokens that it holds, from the first position. */
  readonly length: number;
  readonly bytes: number;
  /** True: there was no memory for it after all, which may be told late: it is final once `told` is settled. */
  readonly gone?: boolean;
  /** Does not fail; absent: all is told. */
  readonly told?: Promise<void>;
  /** Frees what garbage collection does not see; to be called once. */
  release?(): void;
}

export interface Decoder {
  /** Tokens that the cache holds. */
  readonly contextLength: number;
  /** Tokens of the vocabulary. */
  readonly vocabulary: number;
  /** The most tokens that one `evaluate` takes. */
  readonly chunk: number;

  /**
   * Evaluates `tokens` at the positions from `start`; their keys and values replace what the cache has there.
   * Gives the event loop a turn at least every 50 ms, and stops there when `signal` is aborted: then the
   * positions from `start` on are undefined.
   * @throws PaddockError `aborted`, `engine_failed`
   */
  evaluate(tokens: readonly number[], start: number, signal: AbortSignal): Promise<void>;

  /**
   * Logits after the token at `index` of the last `evaluate`, [vocabulary] f32.
   * The array is the decoder's own: it may be changed (masks, penalties), and is overwritten by the next call.
   */
  logits(index: number): Float32Array | Promise<Float32Array>;

  /**
   * Context shift: drops the positions from `from` to `to`, and moves the `end - to` behind them there, with
   * their keys turned to the new positions.
   */
  shift(from: number, to: number, end: number): void;

  /** Copies the first `length` positions out of the cache. */
  save(length: number): CacheSnapshot;
  /** Copies them back; all is told of the snapshot, and it is not gone. */
  restore(snapshot: CacheSnapshot): void;

  /**
   * Tokens that the decoder chooses and feeds back by itself, some under way before the last has been read. Absent:
   * it cannot; undefined: not with these settings, and the sampler chooses from `logits`.
   */
  choose?(choosing: Choosing): ChosenTokens | undefined;
}

/** What a decoder needs to choose by itself. */
export interface Choosing {
  settings: SamplerSettings;
  /** Tokens in the cache; the first choice is by the logits of the last of them. */
  start: number;
  /** The text so far, the prompt too, whose end the penalties look back on; a shift drops nothing of it. */
  text: readonly number[];
  /** In [0, 1): one a token, in their order. */
  uniform(): number;
  /** Tokens that are wanted at most. */
  most: number;
  signal: AbortSignal;
}

/** To be read one after the other; no other call of the decoder until `close`. */
export interface ChosenTokens {
  /**
   * The next token; the one before it is in the cache by then. Undefined: the context is full, or `most` are read.
   * @throws PaddockError `aborted`, `engine_failed` (no logit is a number), `device_lost`
   */
  next(): Promise<number | undefined>;
  /**
   * Leaves what is under way; the cache counts up to the last token that was read, itself not included. Does not
   * fail.
   */
  close(): Promise<void>;
}
