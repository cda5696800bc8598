/** A load under way, which can be ended from outside its request. */
import type { LoadOptions, LoadProgress, RunnerModel } from '#core/engine';
import { toPaddockError, type PaddockError } from '#core/errors';
import { RunnerProcess, type StartRunner } from './runner-process';

export class Loading {
  readonly model: RunnerModel;
  readonly options: LoadOptions;
  /** Rejects with what the load says, or what `stop` was given; the worker is gone then. */
  readonly runner: Promise<RunnerProcess>;
  readonly #stopping = new AbortController();
  #refusal: PaddockError | undefined;

  constructor(
    startRunner: StartRunner,
    model: RunnerModel,
    options: LoadOptions,
    onProgress: (progress: LoadProgress) => void,
  ) {
    this.model = model;
    this.options = options;
    this.runner = RunnerProcess.start(
      startRunner,
      model,
      options,
      this.#stopping.signal,
      onProgress,
    ).catch((error: unknown) => {
      throw this.#refusal ?? error;
    });
  }

  /** From now on the load ends with `signal`: who waits for it. */
  follow(signal: AbortSignal): void {
    const follow = () => void this.stop(toPaddockError(signal.reason));
    if (signal.aborted) return follow();
    signal.addEventListener('abort', follow, { once: true });
    const leave = () => signal.removeEventListener('abort', follow);
    this.runner.then(leave, leave);
  }

  /** Ends the load, whose request is refused with `error`; resolves when its worker is gone, or it had ended well. */
  async stop(error: PaddockError): Promise<void> {
    this.#refusal ??= error;
    this.#stopping.abort(error);
    await Promise.allSettled([this.runner]);
  }
}
