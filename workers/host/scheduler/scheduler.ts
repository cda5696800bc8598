/**
 * Finds or starts the runner that a request needs. Owns the loaded model and its keep-alive; one model at a
 * time, one request at a time, in the order they came. Does not read requests or write answers.
 */
import type { EngineInfo, LoadOptions, RunnerModel } from '#core/engine';
import type { Queue } from './queue';
import { RunnerProcess, type StartRunner } from './runner-process';

export interface SchedulerOptions {
  startRunner: StartRunner;
  queue: Queue;
  now(): number;
}

/** What a request may use until it calls `release`. */
export interface Lease {
  runner: RunnerProcess;
  /** Milliseconds spent on loading; 0 when the model was loaded already. */
  loadMs: number;
  release(): void;
}

export interface LoadedEntry {
  /** The name that it was last asked for under. */
  name: string;
  model: RunnerModel;
  info: EngineInfo;
  /** Milliseconds since the epoch; Infinity: never. */
  expiresAt: number;
}

export interface LeaseRequest {
  name: string;
  model: RunnerModel;
  options: LoadOptions;
  keepAliveMs: number;
}

interface Loaded {
  runner: RunnerProcess;
  name: string;
  keepAliveMs: number;
  expiresAt: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** The longest delay that setTimeout takes (2^31 - 1 ms, 24.8 days). */
const MAX_TIMEOUT = 2_147_483_647;

export class Scheduler {
  readonly #options: SchedulerOptions;
  #loaded: Loaded | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Waits for the turn, loads if need be. @throws PaddockError `server_busy`, `aborted`, or what the load says */
  async lease(request: LeaseRequest, signal: AbortSignal): Promise<Lease> {
    const leave = await this.#options.queue.enter(signal);
    try {
      const started = performance.now(); // the wall clock may jump, and counts whole milliseconds
      const { loaded, fresh } = await this.#load(request, signal);
      clearTimeout(loaded.timer);
      loaded.name = request.name;
      loaded.keepAliveMs = request.keepAliveMs;
      const release = () => {
        this.#rest(loaded);
        leave();
      };
      return { runner: loaded.runner, loadMs: fresh ? performance.now() - started : 0, release };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The loaded models. */
  list(): LoadedEntry[] {
    if (!this.#loaded || this.#loaded.runner.dead) return [];
    const { name, expiresAt, runner } = this.#loaded;
    return [{ name, model: runner.model, info: runner.info, expiresAt }];
  }

  /** Unloads the model with this digest, at once; a reply under way ends with an error. */
  unload(digest: RunnerModel['digest']): void {
    if (this.#loaded?.runner.model.digest === digest) this.#end(this.#loaded);
  }

  async #load(request: LeaseRequest, signal: AbortSignal) {
    const current = this.#loaded;
    if (current && !current.runner.dead && fits(current.runner, request)) {
      return { loaded: current, fresh: false };
    }
    if (current) this.#end(current);
    const { model, options, name, keepAliveMs } = request;
    const runner = await RunnerProcess.start(this.#options.startRunner, model, options, signal);
    const loaded: Loaded = { runner, name, keepAliveMs, expiresAt: Infinity, timer: undefined };
    this.#loaded = loaded;
    void runner.died.then(() => this.#forget(loaded));
    return { loaded, fresh: true };
  }

  /** Starts the keep-alive; Ollama counts from the end of the last request. */
  #rest(loaded: Loaded) {
    if (this.#loaded !== loaded) return;
    if (loaded.keepAliveMs <= 0) return this.#end(loaded);
    loaded.expiresAt = this.#options.now() + loaded.keepAliveMs;
    if (loaded.keepAliveMs > MAX_TIMEOUT) return;
    loaded.timer = setTimeout(() => this.#end(loaded), loaded.keepAliveMs);
  }

  #end(loaded: Loaded) {
    loaded.runner.end();
    this.#forget(loaded);
  }

  #forget(loaded: Loaded) {
    clearTimeout(loaded.timer);
    if (this.#loaded === loaded) this.#loaded = undefined;
  }
}

/** A reload is needed only for another blob or other load-time options. */
function fits({ model, options }: RunnerProcess, request: LeaseRequest): boolean {
  const same = (key: keyof LoadOptions) => options[key] === request.options[key];
  return (
    model.digest === request.model.digest &&
    same('num_ctx') &&
    same('num_batch') &&
    same('num_gpu') &&
    same('num_thread')
  );
}
