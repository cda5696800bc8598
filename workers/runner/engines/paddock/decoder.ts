/** The forward pass, whatever computes it: what generation needs of a loaded model's weights and cache. */

/** The keys and values of a prefix, out of the cache; only the decoder that made it can read it. */
export interface CacheSnapshot {
  /** Tokens that it holds, from the first position. */
  readonly length: number;
  readonly bytes: number;
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
  logits(index: number): Float32Array;

  /**
   * Context shift: drops the positions from `from` to `to`, and moves the `end - to` behind them there, with
   * their keys turned to the new positions.
   */
  shift(from: number, to: number, end: number): void;

  /** Copies the first `length` positions out of the cache. */
  save(length: number): CacheSnapshot;
  /** Copies them back. */
  restore(snapshot: CacheSnapshot): void;
}
