/** The turn to load: one model at a time loads. */
import type { LeaseRequest } from './lease';
import { Loading } from './loading';
import type { RunnerProcess, StartRunner } from './runner-process';

export interface LoadsOptions {
  startRunner: StartRunner;
  /** Resolves when the memory of what was ended is back. */
  room(): Promise<void>;
  /** Called when a load begins; the result, when it ends. */
  busy?(): () => void;
  /** Called when a load has begun. */
  begun(): void;
  /** Called when it is over, and no other has begun. */
  loaded(loading: Loading, runner: RunnerProcess): void;
  failed(loading: Loading, error: unknown): void;
}

export class Loads {
  readonly #options: LoadsOptions;
  #current: Loading | undefined;

  constructor(options: LoadsOptions) {
    this.#options = options;
  }

  get current(): Loading | undefined {
    return this.#current;
  }

  /** Only while there is no current one. `unasked`: nobody waits for it. */
  begin(request: LeaseRequest, unasked = false): void {
    const { startRunner, busy, room, begun, loaded, failed } = this.#options;
    const loading = new Loading({ startRunner, request, unasked, room: room() });
    this.#current = loading;
    const free = busy?.();
    const over = () => {
      free?.();
      this.#current = undefined;
    };
    loading.runner.then(
      (runner) => {
        over();
        loaded(loading, runner);
      },
      (error: unknown) => {
        over();
        failed(loading, error);
      },
    );
    begun();
  }
}
