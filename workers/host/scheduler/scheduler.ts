/**
 * Finds or starts the runner that a request needs. Owns the loaded model and its keep-alive; one model at a
 * time, one request at a time, in the order they came. Does not read requests or write answers.
 */
import type { Digest } from '#core/digest';
import type { Activity, EngineInfo, LoadOptions, LoadProgress, RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import { Loading } from './loading';
import type { Queue } from './queue';
import type { RunnerProcess, StartRunner } from './runner-process';

export interface SchedulerOptions {
  startRunner: StartRunner;
  queue: Queue;
  now(): number;
  /** Called when a model has been loaded or unloaded. */
  changed?(): void;
}

/** What a request may use until it calls `release`. */
export interface Lease {
  runner: RunnerProcess;
  /** Milliseconds spent on loading; 0 when the model was loaded already. */
  loadMs: number;
  /** Tells how far the prompt is (tokens); null: it is read, and the reply begins. */
  reading(prompt: Pick<Activity, 'done' | 'total'> | null): void;
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
  /** Undefined while a request uses it. */
  expiresAt: number | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** The longest delay that setTimeout takes (2^31 - 1 ms, 24.8 days). */
const MAX_TIMEOUT = 2_147_483_647;

export class Scheduler {
  readonly #options: SchedulerOptions;
  #loaded: Loaded | undefined;
  #loading: Loading | undefined;
  #activity: Activity | null = null;
  #writing = false;
  /** Models to unload once nobody uses them, by their files; a load under way counts as use. */
  readonly #unwanted = new Set<string>();

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
      loaded.expiresAt = undefined;
      const loadMs = fresh ? performance.now() - started : 0;
      const reading: Lease['reading'] = (prompt) => {
        this.#activity = prompt && { model: request.name, phase: 'prompt', ...prompt };
        this.#writing = prompt === null;
      };
      let released = false;
      const release = () => {
        if (released) return; // by then the turn is another's
        released = true;
        this.#activity = null;
        this.#writing = false;
        this.#rest(loaded);
        leave();
      };
      return { runner: loaded.runner, loadMs, reading, release };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The loaded models. */
  list(): LoadedEntry[] {
    if (!this.#loaded || this.#loaded.runner.dead) return [];
    const { name, keepAliveMs, runner } = this.#loaded;
    const expiresAt = this.#loaded.expiresAt ?? this.#options.now() + keepAliveMs;
    return [{ name, model: runner.model, info: runner.info, expiresAt }];
  }

  /** What a model does before it writes; null while none is loading or reading. */
  get activity(): Activity | null {
    return this.#activity;
  }

  /** Whether a reply is being written: its first word is out, its last is not. */
  get writing(): boolean {
    return this.#writing;
  }

  /** Unloads `model`: now, or after the requests that use it or load it. */
  unload(model: RunnerModel): void {
    const loaded = this.#loaded;
    const files = filesOf(model);
    if (this.#loading && filesOf(this.#loading.model) === files) this.#unwanted.add(files);
    else if (!loaded || filesOf(loaded.runner.model) !== files) return;
    else if (loaded.expiresAt === undefined) this.#unwanted.add(files);
    else this.#end(loaded);
  }

  /**
   * Unloads what has a file that is about to be deleted: as `unload`, but a load under way, which holds the file
   * open, is ended. Resolves when it has.
   */
  async discard(digest: Digest): Promise<void> {
    const hasFile = ({ files }: RunnerModel) => files.some((file) => file.digest === digest);
    const loaded = this.#loaded?.runner.model;
    if (loaded && hasFile(loaded)) this.unload(loaded);
    if (!this.#loading || !hasFile(this.#loading.model)) return;
    await this.#loading.stop(
      new PaddockError('model_not_found', 'The model was deleted while it was loading.'),
    );
  }

  async #load(request: LeaseRequest, signal: AbortSignal) {
    const current = this.#loaded;
    if (current && !current.runner.dead && fits(current.runner, request)) {
      return { loaded: current, fresh: false };
    }
    if (current) this.#end(current);
    const { model, options, name, keepAliveMs } = request;
    const loads = (phase: Activity['phase'] = 'load', done = 0, total = 0) => {
      this.#activity = { model: name, phase, done, total };
    };
    loads();
    let runner: RunnerProcess;
    try {
      const { startRunner } = this.#options;
      this.#loading = new Loading(startRunner, model, options, signal, (progress) =>
        loads(...activityOf(progress)),
      );
      runner = await this.#loading.runner;
    } catch (error) {
      this.#unwanted.delete(filesOf(model)); // nothing is left to unload
      throw error;
    } finally {
      this.#loading = undefined;
      this.#activity = null;
    }
    const loaded: Loaded = { runner, name, keepAliveMs, expiresAt: undefined, timer: undefined };
    this.#loaded = loaded;
    this.#options.changed?.();
    void runner.died.then(() => this.#forget(loaded));
    return { loaded, fresh: true };
  }

  /** Starts the keep-alive; Ollama counts from the end of the last request. */
  #rest(loaded: Loaded) {
    const unwanted = this.#unwanted.delete(filesOf(loaded.runner.model));
    if (this.#loaded !== loaded) return;
    if (unwanted || loaded.keepAliveMs <= 0) return this.#end(loaded);
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
    if (this.#loaded !== loaded) return;
    this.#loaded = undefined;
    this.#options.changed?.();
  }
}

/** What LoadOptions says of an absent `kv_cache_type`. */
const DEFAULT_CACHE = 'f16';

/** A reload is needed only for another blob or other load-time options; what is left open fits what is there. */
function fits(
  { model, options, info }: RunnerProcess,
  { model: asked, options: want }: LeaseRequest,
) {
  return (
    filesOf(model) === filesOf(asked) &&
    (want.num_ctx === 0 ||
      want.num_ctx === options.num_ctx ||
      want.num_ctx === info.contextLength) &&
    (want.num_gpu === -1 || want.num_gpu === options.num_gpu) &&
    (want.num_thread === 0 ||
      want.num_thread === options.num_thread ||
      want.num_thread === info.threads) &&
    (want.num_batch === undefined || want.num_batch === options.num_batch) &&
    (want.kv_cache_type === undefined ||
      want.kv_cache_type === (options.kv_cache_type ?? DEFAULT_CACHE))
  );
}

function filesOf({ files }: RunnerModel): string {
  return files.map(({ digest }) => digest).join();
}

/** An engine's code and its weights are one thing to those who wait. */
function activityOf({ phase, done, total }: LoadProgress) {
  const shown = phase === 'shaders' || phase === 'warmup' ? phase : 'load';
  return [shown, done, total] as const;
}
