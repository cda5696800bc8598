import { isAbort, toWire, type WireError } from '#core/errors';
import type { Work } from './export-chats';

/** One piece of work that somebody waits for, and may stop. */
export class Job {
  #stop = $state.raw<AbortController | null>(null);
  #percent = $state(0);
  #error = $state.raw<WireError | null>(null);
  #stopped = $state(false);

  get running(): boolean {
    return this.#stop !== null;
  }

  /** 0 to 100. */
  get percent(): number {
    return this.#percent;
  }

  /** Why the last work failed. */
  get error(): WireError | null {
    return this.#error;
  }

  /** Somebody stopped the last work. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Resolves with null where the work failed, was stopped, or other work is under way. */
  async run<T>(work: (work: Work) => Promise<T>): Promise<T | null> {
    if (this.#stop) return null;
    const stop = new AbortController();
    this.#stop = stop;
    this.#percent = 0;
    this.#error = null;
    this.#stopped = false;
    try {
      return await work({
        signal: stop.signal,
        onProgress: (done, of) => (this.#percent = of > 0 ? Math.floor((done / of) * 100) : 0),
      });
    } catch (error) {
      if (isAbort(error)) this.#stopped = true;
      else this.#error = toWire(error);
      return null;
    } finally {
      this.#stop = null;
    }
  }

  stop(): void {
    this.#stop?.abort();
  }
}
