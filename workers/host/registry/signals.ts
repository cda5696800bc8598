/** Tells readers of a state that it has changed: as often as they can read, and no more than people can see. */

/** Milliseconds between two states of a stream. */
export const STEP_MS = 60;

export class Signals {
  #version = 0;
  readonly #waiting = new Set<() => void>();

  change(): void {
    this.#version++;
    for (const wake of this.#waiting) wake();
  }

  /** `read()` now, and again at each change; what changes while the reader is busy is read once. */
  async *watch<T>(read: () => T, signal: AbortSignal): AsyncGenerator<T, void, void> {
    while (!signal.aborted) {
      const seen = this.#version;
      yield read();
      await this.#pause(signal);
      while (seen === this.#version && !signal.aborted) await this.#next(signal);
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return this.#until(signal, (wake) => {
      this.#waiting.add(wake);
      return () => this.#waiting.delete(wake);
    });
  }

  #pause(signal: AbortSignal): Promise<void> {
    return this.#until(signal, (wake) => {
      const timer = setTimeout(wake, STEP_MS);
      return () => clearTimeout(timer);
    });
  }

  /** Resolves when `begin`'s callback is called, or `signal` aborts; then undoes what `begin` did. */
  #until(signal: AbortSignal, begin: (wake: () => void) => () => void): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        undo();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const undo = begin(end);
      signal.addEventListener('abort', end);
    });
  }
}
