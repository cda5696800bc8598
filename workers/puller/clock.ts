/** Time as the puller uses it; tests bring one that does not wait. */
import { PaddockError } from '#core/errors';

export interface Clock {
  /** Milliseconds, of any origin. */
  now(): number;
  /** Runs `then` after `ms`; the result takes it back. */
  after(ms: number, then: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; rejects with code `aborted` when `signal` aborts. */
export function delay(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      takeBack();
      reject(new PaddockError('aborted', 'The transfer was stopped.'));
    };
    const takeBack = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
