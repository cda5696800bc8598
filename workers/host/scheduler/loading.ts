/** A load under way, which can be ended from outside its request. */
import type { LoadOptions, LoadProgress, RunnerModel } from '#core/engine';
import type { PaddockError } from '#core/errors';
import { RunnerProcess, type StartRunner } from './runner-process';

export class Loading {
  readonly model: RunnerModel;
  /** Rejects with what the load says, or what `stop` was given; the worker is gone then. */
  readonly runner: Promise<RunnerProcess>;
  readonly #stopping = new AbortController();
  #refusal: PaddockError | undefined;

  constructor(
    startRunner: StartRunner,
    model: RunnerModel,
    options: LoadOptions,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
  ) {
    this.model = model;
    const follow = () => this.#stopping.abort(signal.reason);
    if (signal.aborted) follow();
    signal.addEventListener('abort', follow, { once: true });
    this.runner = RunnerProcess.start(
      startRunner,
      model,
      options,
      this.#stopping.signal,
      onProgress,
    )
      .catch((error: unknown) => {
        throw this.#refusal ?? error;
      })
      .finally(() => signal.removeEventListener('abort', follow));
  }

  /** Ends the load, whose request is refused with `error`; resolves when its worker is gone, or it had ended well. */
  async stop(error: PaddockError): Promise<void> {
    this.#refusal = error;
    this.#stopping.abort(error);
    await Promise.allSettled([this.runner]);
  }
}
