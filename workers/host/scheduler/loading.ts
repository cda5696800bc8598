/** A load under way, which goes on as long as somebody waits for it. */
import type { Activity, LoadOptions, LoadProgress, RunnerModel } from '#core/engine';
import type { PaddockError } from '#core/errors';
import { fits } from './fits';
import type { LeaseRequest, Session } from './lease';
import { RunnerProcess, type StartRunner } from './runner-process';

interface LoadOrder {
  startRunner: StartRunner;
  /** As it is to be loaded. */
  request: LeaseRequest;
  /** Nobody asked: it is built again. */
  unasked: boolean;
  /** Resolves when there is room for it. */
  room: Promise<void>;
}

export class Loading {
  readonly request: LeaseRequest;
  /** By `performance.now`. */
  readonly begun = performance.now();
  /** Rejects with what the load says, or what `stop` was given; the worker is gone then. */
  readonly runner: Promise<RunnerProcess>;
  /** Of whoever waits. */
  session: Session;
  /** No request waits for it, or did. */
  unasked: boolean;
  /** Absent: nobody asked to unload it; else as in `LoadedRunner.unload`. */
  unwantedTo: number | undefined;
  readonly #stopping = new AbortController();
  #progress: Pick<Activity, 'phase' | 'done' | 'total'> = { phase: 'load', done: 0, total: 0 };
  #refusal: PaddockError | undefined;

  constructor({ startRunner, request, unasked, room }: LoadOrder) {
    this.request = request;
    this.session = request;
    this.unasked = unasked;
    this.runner = this.#start(startRunner, request, room).catch((error: unknown) => {
      throw this.#refusal ?? error;
    });
  }

  get isStopped(): boolean {
    return this.#refusal !== undefined;
  }

  get activity(): Activity {
    return { model: this.session.name, ...this.#progress };
  }

  serves(asked: { model: RunnerModel; options: LoadOptions }): boolean {
    return !this.isStopped && fits(this.request, asked);
  }

  /** Ends the load, which fails with `error`; resolves when its worker is gone, or it had ended well. */
  async stop(error: PaddockError): Promise<void> {
    this.#refusal ??= error;
    this.#stopping.abort(error);
    await Promise.allSettled([this.runner]);
  }

  async #start(startRunner: StartRunner, { model, options }: LeaseRequest, room: Promise<void>) {
    const { signal } = this.#stopping;
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as PaddockError), { once: true });
    });
    await Promise.race([room, stopped]);
    return RunnerProcess.start(startRunner, model, options, signal, (progress) => {
      this.#progress = progressOf(progress);
    });
  }
}

/** An engine's code and its weights are one thing to those who wait. */
function progressOf({ phase, done = 0, total = 0 }: LoadProgress) {
  const shown: Activity['phase'] = phase === 'shaders' || phase === 'warmup' ? phase : 'load';
  return { phase: shown, done, total };
}
