/** Stop strings in a text that comes in pieces: none is ever given out, not even in part. */
export class StopStrings {
  readonly #stops: readonly string[];
  /** What may be the beginning of a stop string. */
  #held = '';
  #stopped = false;

  /** Empty strings stop nothing. */
  constructor(stops: readonly string[] = []) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** Whether a stop string has come: the text ends before it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The text that is safe to give out now that `text` has come. */
  push(text: string): string {
    if (this.#stopped) return '';
    const all = this.#held + text;
    const stop = this.#find(all);
    this.#stopped = stop >= 0;
    const safe = this.#stopped ? stop : all.length - this.#beginning(all);
    this.#held = this.#stopped ? '' : all.slice(safe);
    return all.slice(0, safe);
  }

  /** What was held back, at the end of the text. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  /**
   * Where the stop string begins that ends first (of those the longest), or -1. That it ends first, and not that it
   * begins first, makes the result the same however the text is split.
   */
  #find(text: string): number {
    let begin = -1;
    let end = Infinity;
    for (const stop of this.#stops) {
      const at = text.indexOf(stop);
      if (at < 0) continue;
      const after = at + stop.length;
      if (after > end || (after === end && at > begin)) continue;
      begin = at;
      end = after;
    }
    return begin;
  }

  /** Characters at the end of `text` that begin a stop string. */
  #beginning(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      let length = Math.min(stop.length - 1, text.length);
      while (length > longest && !text.endsWith(stop.slice(0, length))) length--;
      longest = Math.max(longest, length);
    }
    return longest;
  }
}
