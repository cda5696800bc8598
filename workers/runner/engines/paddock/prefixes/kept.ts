/** Prefixes outside the cache: by recency, within a budget. */
import type { CacheSnapshot } from '../decoder';
import { commonLength } from './common';

interface KeptPrefix {
  readonly tokens: readonly number[];
  readonly snapshot: CacheSnapshot;
}

export class KeptPrefixes {
  readonly #budget: number;
  /** The longest unused first. */
  #prefixes: KeptPrefix[] = [];
  /** No more kept; one of them may be about to be put back. */
  readonly #dropped: CacheSnapshot[] = [];

  /** `budget` in bytes. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#prefixes.reduce((sum, { snapshot }) => sum + snapshot.bytes, 0);
  }

  /** Whether a prefix of so many bytes can be kept at all. */
  fits(bytes: number): boolean {
    return bytes <= this.#budget;
  }

  /** Whether one of them begins with `tokens`. */
  has(tokens: readonly number[]): boolean {
    return this.#prefixes.some((prefix) => isBeginning(tokens, prefix.tokens));
  }

  /** Lets go what `tokens` begin with, then the longest unused, until `bytes` more are within the budget. */
  makeRoom(tokens: readonly number[], bytes: number): void {
    this.#dropThose((prefix) => isBeginning(prefix.tokens, tokens));
    while (this.#prefixes.length > 0 && this.bytes + bytes > this.#budget) {
      this.remove(this.#prefixes[0]!);
    }
  }

  /** Keeps `prefix` as the last used, when the budget allows it. */
  add(prefix: KeptPrefix): void {
    this.makeRoom(prefix.tokens, prefix.snapshot.bytes);
    if (this.fits(prefix.snapshot.bytes)) this.#prefixes.push(prefix);
    else this.#dropped.push(prefix.snapshot);
  }

  /** Waits until all is told of each: before, a copy may be of nothing. */
  async told(): Promise<void> {
    for (const { snapshot } of this.#prefixes) await snapshot.told;
  }

  /** The prefix that has the most in common with `prompt`, when that is `least` tokens or more; now the last used. */
  best(prompt: readonly number[], least: number): KeptPrefix | undefined {
    this.#dropThose(({ snapshot }) => snapshot.gone === true);
    let best: KeptPrefix | undefined;
    let longest = least - 1;
    for (const prefix of this.#prefixes) {
      const length = commonLength(prefix.tokens, prompt);
      if (length <= longest) continue;
      longest = length;
      best = prefix;
    }
    if (best) this.#prefixes = [...this.#prefixes.filter((other) => other !== best), best];
    return best;
  }

  remove(prefix: KeptPrefix): void {
    this.#dropThose((other) => other === prefix);
  }

  clear(): void {
    this.#dropThose(() => true);
  }

  /** Frees those that are kept no more. */
  free(): void {
    for (const snapshot of this.#dropped.splice(0)) snapshot.release?.();
  }

  #dropThose(which: (prefix: KeptPrefix) => boolean): void {
    this.#dropped.push(...this.#prefixes.filter(which).map(({ snapshot }) => snapshot));
    this.#prefixes = this.#prefixes.filter((prefix) => !which(prefix));
  }
}

function isBeginning(tokens: readonly number[], of: readonly number[]): boolean {
  return commonLength(tokens, of) === tokens.length;
}
