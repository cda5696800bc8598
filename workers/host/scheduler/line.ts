/** Who waits for a runner, in the order of coming; a place can be given up. */
import { PaddockError } from '#core/errors';
import type { LoadedRunner } from './loaded-runner';
import type { Attempt } from './recovery';

/** Ollama's OLLAMA_MAX_QUEUE, of all models together. */
const MAX_WAITING = 512;

interface Place {
  /** By which it came before or after others. */
  ticket: number;
  signal: AbortSignal;
}

/** A request, until its model is its own. */
export interface Waiter extends Place, Attempt {
  /** When it came, or came back, by `performance.now`. */
  since: number;
  /** Milliseconds of loads that it waited for. */
  loadMs: number;
  /** Its model loads: nobody is before it any more. */
  called: boolean;
  /** Whose end it waits for. */
  victim?: LoadedRunner;
}

/** Who wants that nothing is loaded. */
interface Sweeper extends Place {
  request: null;
}

export type Waiting = Waiter | Sweeper;

interface Entry {
  one: Waiting;
  grant(loaded?: LoadedRunner): void;
  refuse(error: unknown): void;
  /** Nobody hears its signal any more. */
  deafen(): void;
}

export class Line {
  #entries: Entry[] = [];
  #tickets = 0;
  readonly #gaveUp: (one: Waiting, refuse: (error: unknown) => void) => void;

  /** `gaveUp` is called when the signal of somebody who waits aborts, and tells whoever it was. */
  constructor(gaveUp: (one: Waiting, refuse: (error: unknown) => void) => void) {
    this.#gaveUp = gaveUp;
  }

  nextTicket(): number {
    return ++this.#tickets;
  }

  /** The last one that was given. */
  get lastTicket(): number {
    return this.#tickets;
  }

  /** The first comes first. */
  get all(): Waiting[] {
    return this.#entries.map(({ one }) => one);
  }

  get waiters(): Waiter[] {
    return this.all.filter((one) => one.request !== null);
  }

  /** Resolves when it is granted. @throws PaddockError `aborted`, what it is refused with */
  wait(one: Waiting): Promise<LoadedRunner | undefined> {
    return new Promise((resolve, reject) => {
      if (one.signal.aborted) return reject(canceled());
      const giveUp = () => {
        this.#remove(one);
        this.#gaveUp(one, reject);
      };
      one.signal.addEventListener('abort', giveUp, { once: true });
      const deafen = () => one.signal.removeEventListener('abort', giveUp);
      const after = this.#entries.findIndex((entry) => entry.one.ticket > one.ticket);
      const at = after < 0 ? this.#entries.length : after;
      this.#entries.splice(at, 0, { one, grant: resolve, refuse: reject, deafen });
    });
  }

  grant(one: Waiting, loaded?: LoadedRunner): void {
    this.#remove(one)?.grant(loaded);
  }

  refuse(one: Waiting, error: unknown): void {
    this.#remove(one)?.refuse(error);
  }

  /** Refuses `one` where it is one too many. */
  refuseTooMany(one: Waiting): void {
    if (!this.#entries.some((entry) => entry.one === one)) return;
    const waiting = this.all.filter((other) => other.request === null || !other.called);
    if (waiting.length <= MAX_WAITING) return;
    const words = 'server busy, please try again.  maximum pending requests exceeded';
    this.refuse(one, new PaddockError('server_busy', words));
  }

  #remove(one: Waiting): Entry | undefined {
    const at = this.#entries.findIndex((entry) => entry.one === one);
    if (at < 0) return undefined;
    const [entry] = this.#entries.splice(at, 1);
    entry!.deafen();
    return entry;
  }
}

export function canceled(): PaddockError {
  return new PaddockError('aborted', 'request canceled');
}
