/** First come, first served, one at a time; a place in the queue can be given up. */
import { PaddockError } from '#core/errors';

/** Ollama's OLLAMA_MAX_QUEUE. */
const MAX_WAITING = 512;

export class Queue {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  /** How many wait behind whoever has the turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves with the function that gives the turn back, once it is this caller's turn.
   * @throws PaddockError `server_busy` over 512 waiting, `aborted` when `signal` aborts before the turn
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new PaddockError(
        'server_busy',
        'server busy, please try again.  maximum pending requests exceeded',
      );
    }
    signal.throwIfAborted();
    if (this.#busy) await this.#wait(signal);
    this.#busy = true;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      // The turn passes without a gap that a newcomer could slip into.
      if (next) next();
      else this.#busy = false;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new PaddockError('aborted', 'request canceled'));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(turn);
    });
  }
}
