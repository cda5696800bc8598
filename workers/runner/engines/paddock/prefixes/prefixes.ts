/**
 * What the decoder's cache holds, and which prefix a prompt can begin from: the cache's own (the chat's last turn)
 * or one that was put aside when another chat took the cache.
 */
import type { CacheSnapshot, Decoder } from '../decoder';
import { commonLength } from './common';
import { KeptPrefixes } from './kept';

/** Tokens that a prompt must displace for the old text to be put aside: fewer are soon evaluated again. */
const WORTH_KEEPING = 64;
/** Tokens that a kept prefix must spare: copying it back takes as long as a few tokens' evaluation. */
const WORTH_RESTORING = 16;

export class Prefixes {
  readonly #decoder: Decoder;
  readonly #kept: KeptPrefixes;
  /** The tokens whose keys and values are in the cache, from the first position. */
  #tokens: number[] = [];
  /**
   * How many of them from the first on were evaluated with no more than each other before them. After a shift the
   * rest still carries what was dropped: good to go on with, but not what their text alone would give.
   */
  #exact = 0;
  /** Known from the first snapshot on. */
  #bytesPerToken = 0;

  /** `budget` in bytes, for the prefixes outside the cache; while one is put back, it counts no more. */
  constructor(decoder: Decoder, budget: number) {
    this.#decoder = decoder;
    this.#kept = new KeptPrefixes(budget);
  }

  /** Bytes that the prefixes outside the cache take. */
  get keptBytes(): number {
    return this.#kept.bytes;
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#tokens.length;
  }

  /**
   * Brings the best prefix of `prompt` into the cache, and gives its tokens: `prompt` is to be evaluated from there.
   * At least the last token is left, since logits are of the last evaluation only.
   */
  async begin(prompt: readonly number[]): Promise<number> {
    await this.#kept.told();
    const own = this.#shared(prompt);
    const kept = this.#kept.best(prompt, own + WORTH_RESTORING);
    // What goes on in the cache needs no second place, unless the prompt leaves much of it unused.
    if (kept && kept.tokens.length - commonLength(kept.tokens, prompt) < WORTH_KEEPING) {
      this.#kept.remove(kept);
    }
    if (this.#exact - own >= WORTH_KEEPING) this.#putAside();
    if (kept) {
      this.#decoder.restore(kept.snapshot);
      this.#tokens = [...kept.tokens];
      this.#exact = this.#tokens.length;
    }
    this.#kept.free();
    const shared = Math.min(this.#shared(prompt), prompt.length - 1);
    this.cut(shared);
    return shared;
  }

  /** To be called before an evaluation at `start`: until it succeeds, nothing from there on counts. */
  cut(start: number): void {
    this.#tokens.length = Math.min(this.#tokens.length, start);
    this.#exact = Math.min(this.#exact, start);
  }

  /** To be called when `tokens` were evaluated behind what the cache held. */
  append(tokens: readonly number[]): void {
    if (this.#exact === this.#tokens.length) this.#exact += tokens.length;
    for (const token of tokens) this.#tokens.push(token);
  }

  /** Shifts the cache: the tokens from `from` to `to` are dropped, and those behind them move there. */
  shift(from: number, to: number): void {
    const end = this.#tokens.length;
    const behind = this.#tokens.slice(to);
    this.cut(from);
    this.#decoder.shift(from, to, end);
    this.#tokens = [...this.#tokens, ...behind];
  }

  /** Lets all prefixes go. */
  clear(): void {
    this.#kept.clear();
    this.#kept.free();
    this.cut(0);
  }

  #shared(prompt: readonly number[]): number {
    return Math.min(commonLength(this.#tokens, prompt), this.#exact);
  }

  #putAside(): void {
    const tokens = this.#tokens.slice(0, this.#exact);
    const bytes = tokens.length * this.#bytesPerToken;
    if (!this.#kept.fits(bytes) || this.#kept.has(tokens)) return;
    this.#kept.makeRoom(tokens, bytes);
    const snapshot = this.#copy(tokens.length);
    if (!snapshot) return;
    this.#bytesPerToken = snapshot.bytes / snapshot.length;
    this.#kept.add({ tokens, snapshot });
  }

  /** Undefined where the browser has no memory for it: it only spares time, so the reply goes on without. */
  #copy(length: number): CacheSnapshot | undefined {
    try {
      return this.#decoder.save(length);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#kept.clear();
      console.warn('No memory to keep a chat’s prefix: all kept ones are dropped.', error);
      return undefined;
    }
  }
}
