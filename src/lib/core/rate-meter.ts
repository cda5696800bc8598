/** Bytes a second over the last seconds: steady enough to read, quick enough to be true. */
const WINDOW_MS = 5000;

/** What a reading of less than this would say is noise. */
const LEAST_MS = 500;

export class RateMeter {
  #samples: { at: number; bytes: number }[] = [];

  /** `bytes` is the count so far, `at` milliseconds of any clock; the first sample is the start, not progress. */
  add(bytes: number, at: number): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = []; // a part was thrown away and starts over
    this.#samples.push({ at, bytes });
    // One sample older than the window stays: the window is measured from it.
    while (this.#samples.length > 2 && this.#samples[1]!.at <= at - WINDOW_MS)
      this.#samples.shift();
  }

  /** Bytes a second; null until there is enough to say. */
  get perSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < LEAST_MS) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  /** Seconds until `total` bytes at this rate; null when there is no rate. */
  secondsLeft(total: number): number | null {
    const rate = this.perSecond;
    const last = this.#samples.at(-1);
    return rate && last ? Math.max(0, total - last.bytes) / rate : null;
  }
}
