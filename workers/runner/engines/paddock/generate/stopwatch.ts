/** Milliseconds of work, less the pauses. */
export class Stopwatch {
  #since = performance.now();
  #before = 0;

  pause(): void {
    this.#before += performance.now() - this.#since;
  }

  resume(): void {
    this.#since = performance.now();
  }

  /** Since the beginning or the last lap; begins the next. Not to be called in a pause. */
  lap(): number {
    this.pause();
    const lap = this.#before;
    this.#before = 0;
    this.resume();
    return lap;
  }
}
