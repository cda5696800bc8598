/** One runner: its worker, the calls to it, its death. Knows nothing of names, queues or keep-alive. */
import type { Caller } from '#core/caller';
import type {
  Embeddings,
  EmbedParams,
  EngineInfo,
  LoadOptions,
  LoadProgress,
  RunnerModel,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import type { RunnerMethods } from '#core/methods';
import { within } from '#core/within';

/** A started worker that serves RunnerMethods. */
export interface RunnerPort {
  caller: Caller<RunnerMethods>;
  terminate(): void;
  /** Resolves when nobody holds the named lock any more: the runner that took it is gone. */
  whenFree(lock: string): Promise<void>;
}

export type StartRunner = () => RunnerPort;

/** A runner that does not even acknowledge a call for this long is stuck, not busy. */
const UNRESPONSIVE_MS = 10_000;

/** The first call waits for the worker's script too, on a slow line perhaps. */
const START_MS = 60_000;

export class RunnerProcess {
  readonly model: RunnerModel;
  readonly options: LoadOptions;
  readonly info: EngineInfo;
  readonly #port: RunnerPort;
  readonly #died: Promise<void>;
  dead = false;

  private constructor(
    port: RunnerPort,
    model: RunnerModel,
    options: LoadOptions,
    info: EngineInfo,
    died: Promise<void>,
  ) {
    this.#port = port;
    this.model = model;
    this.options = options;
    this.info = info;
    this.#died = died;
    void died.then(() => (this.dead = true));
  }

  /** Starts a worker and loads `model` in it; the worker is gone when this rejects. */
  static async start(
    startRunner: StartRunner,
    model: RunnerModel,
    options: LoadOptions,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void = () => {},
  ): Promise<RunnerProcess> {
    const port = startRunner();
    const lock = `paddock-runner:${crypto.randomUUID()}`;
    try {
      await within(START_MS, port.caller.call('start', { lock }, { signal }).result, silent);
      const died = port.whenFree(lock).then(() => {
        port.caller.fail(new PaddockError('runner_died', 'The runner ended without an answer.'));
      });
      const loading = port.caller.call('load', { model, options }, { signal });
      for await (const progress of loading) onProgress(progress);
      return new RunnerProcess(port, model, options, await loading.result, died);
    } catch (error) {
      port.terminate();
      throw error;
    }
  }

  /** Calls chat or complete; a runner that does not acknowledge is ended, and the call rejects. */
  generate<K extends 'chat' | 'complete'>(
    method: K,
    params: RunnerMethods[K]['params'],
    signal: AbortSignal,
  ) {
    const call = this.#port.caller.call(method, params, { signal });
    this.#requireAnswer(call.acknowledged);
    return call;
  }

  /** @throws PaddockError `not_supported` by a model that makes none */
  embed(params: EmbedParams, signal: AbortSignal): Promise<Embeddings> {
    const call = this.#port.caller.call('embed', params, { signal });
    this.#requireAnswer(call.acknowledged);
    return call.result;
  }

  #requireAnswer(acknowledged: Promise<void>): void {
    within(UNRESPONSIVE_MS, acknowledged, silent).catch((error: unknown) => {
      if (error instanceof PaddockError && error.code === 'runner_died') this.end(error);
    });
  }

  /** Resolves when the runner has ended by itself. */
  get died(): Promise<void> {
    return this.#died;
  }

  /** Ends the worker: the only sure way to free a WASM heap. Calls under way reject with `error`. */
  end(error = new PaddockError('aborted', 'The model was unloaded.')): void {
    this.dead = true;
    this.#port.caller.fail(error);
    this.#port.terminate();
  }
}

function silent(): never {
  throw new PaddockError('runner_died', 'The runner does not answer.');
}
