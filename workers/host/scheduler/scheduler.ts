/**
 * Finds or starts the runner that a request needs. Owns the loaded model and its keep-alive; one model at a
 * time, one request at a time, in the order they came. A model that is lost in a reply is built again once, before
 * anybody asks. Does not read requests or write answers.
 */
import type { Digest } from '#core/digest';
import type { Activity, LoadProgress, RunnerModel } from '#core/engine';
import { isAbort, PaddockError } from '#core/errors';
import { filesOf, fits } from './fits';
import type { Lease, LeaseRequest, LoadedEntry } from './lease';
import { LeasedRunner } from './leased-runner';
import { Loading } from './loading';
import type { Queue } from './queue';
import { Recovery, type Attempt } from './recovery';
import type { RunnerProcess, StartRunner } from './runner-process';

export interface SchedulerOptions {
  startRunner: StartRunner;
  queue: Queue;
  now(): number;
  /** Called when a model begins to load, has been loaded, failed to, or was unloaded. */
  changed?(): void;
  /** Called when a request or a load begins; the result, when it ends. */
  busy?(): () => void;
  /** The installed or known model of the same family that runs on the CPU, for one that does not. */
  twinOf?(name: string): string | undefined;
}

interface Loaded {
  runner: RunnerProcess;
  name: string;
  keepAliveMs: number;
  /** Undefined while a request uses it. */
  expiresAt: number | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A load under way, and what comes of it. */
interface Begun {
  /** Of the model as whoever waits knows it. */
  name: string;
  loading: Loading;
  loaded: Promise<Loaded>;
}

/** The longest delay that setTimeout takes (2^31 - 1 ms, 24.8 days). */
const MAX_TIMEOUT = 2_147_483_647;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #recovery: Recovery;
  #loaded: Loaded | undefined;
  #loading: Loading | undefined;
  /** A lost model that is built again, until a request waits for it. */
  #rebuilding: Begun | undefined;
  #activity: Activity | null = null;
  #writing = false;
  /** Models to unload once nobody uses them, by their files; a load under way counts as use. */
  readonly #unwanted = new Set<string>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#recovery = new Recovery(options.twinOf);
  }

  /** Waits for the turn, loads if need be. @throws PaddockError `server_busy`, `aborted`, or what the load says */
  async lease(request: LeaseRequest, signal: AbortSignal): Promise<Lease> {
    const free = this.#options.busy?.();
    let leave: () => void;
    try {
      leave = await this.#options.queue.enter(signal);
    } catch (error) {
      free?.();
      throw error;
    }
    const attempt: Attempt = { request, retried: false, missed: false };
    let loadMs = 0;
    const take = async () => {
      const started = performance.now(); // the wall clock may jump, and counts whole milliseconds
      const { loaded, fresh } = await this.#load(attempt, signal);
      clearTimeout(loaded.timer);
      loaded.name = request.name;
      loaded.keepAliveMs = request.keepAliveMs;
      loaded.expiresAt = undefined;
      if (fresh) loadMs += performance.now() - started;
      return loaded;
    };
    try {
      let loaded = await take();
      let rebuild = false;
      const runner = new LeasedRunner({
        runner: () => loaded.runner,
        good: () => this.#recovery.good(request),
        failed: async (error, begun) => {
          // Before anybody hears of it: who asks then for what is loaded must not be told of a dead model.
          if (this.#recovery.isLoss(error)) this.#end(loaded);
          try {
            if (begun || attempt.missed || !loaded.runner.missed(error)) {
              this.#recovery.tryAgain(error, attempt, loaded.runner.info, begun);
            }
            attempt.missed = true;
          } catch (told) {
            rebuild = isWorthRebuilding(told);
            throw told;
          }
          loaded = await take();
        },
      });
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
        const unwanted = this.#unwanted.has(filesOf(request.model));
        const awaited = this.#options.queue.waiting > 0;
        this.#rest(loaded);
        leave();
        free?.();
        if (rebuild && !unwanted && !awaited && request.keepAliveMs > 0) this.#rebuild(request);
      };
      return {
        runner,
        get loadMs() {
          return loadMs;
        },
        reading,
        release,
      };
    } catch (error) {
      leave();
      free?.();
      throw error;
    }
  }

  /** Waits for the turn and unloads what is there, so that a benchmark has its memory. @throws PaddockError as `lease` */
  async clear(signal: AbortSignal): Promise<void> {
    const leave = await this.#options.queue.enter(signal);
    try {
      await this.#stopRebuilding();
      const loaded = this.#loaded;
      if (!loaded) return;
      this.#end(loaded);
      await loaded.runner.gone();
    } finally {
      leave();
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
    if (this.#loading && filesOf(this.#loading.model) === files) {
      if (this.#loading === this.#rebuilding?.loading) void this.#stopRebuilding();
      else this.#unwanted.add(files);
    } else if (!loaded || filesOf(loaded.runner.model) !== files) return;
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

  async #load(attempt: Attempt, signal: AbortSignal) {
    const { request } = attempt;
    for (;;) {
      const rebuilt = this.#rebuilding;
      const adopted =
        rebuilt && fits(rebuilt.loading, request) ? this.#adopt(rebuilt, request) : undefined;
      if (rebuilt && !adopted) await this.#stopRebuilding();
      const current = this.#loaded;
      if (current && !current.runner.dead && fits(current.runner, request)) {
        return { loaded: current, fresh: false };
      }
      if (current) this.#end(current);
      const begun = adopted ?? this.#begin(request);
      begun.loading.follow(signal);
      try {
        return { loaded: await begun.loaded, fresh: true };
      } catch (error) {
        this.#recovery.tryAgain(error, attempt);
      }
    }
  }

  #begin(request: LeaseRequest): Begun {
    const { model, options, name } = this.#recovery.prepared(request);
    this.#activity = { model: name, phase: 'load', done: 0, total: 0 };
    const loading = new Loading(this.#options.startRunner, model, options, (progress) => {
      if (this.#loading === loading) {
        this.#activity = { model: begun.name, ...activityOf(progress) };
      }
    });
    this.#loading = loading;
    const free = this.#options.busy?.();
    if (free) loading.runner.then(free, free);
    const begun: Begun = { name, loading, loaded: this.#settle(loading, request) };
    this.#options.changed?.();
    return begun;
  }

  async #settle(loading: Loading, request: LeaseRequest): Promise<Loaded> {
    const over = () => {
      if (this.#loading !== loading) return;
      this.#loading = undefined;
      this.#activity = null;
    };
    let runner: RunnerProcess;
    try {
      runner = await loading.runner;
    } catch (error) {
      this.#unwanted.delete(filesOf(loading.model)); // nothing is left to unload
      over();
      this.#options.changed?.();
      throw error;
    }
    over();
    const { name, keepAliveMs } = request;
    const loaded: Loaded = { runner, name, keepAliveMs, expiresAt: undefined, timer: undefined };
    this.#loaded = loaded;
    this.#recovery.loaded(request, runner.info);
    this.#options.changed?.();
    void runner.died.then(() => this.#forget(loaded));
    return loaded;
  }

  /**
   * Loads a lost model again, though nobody asks yet: whose reply broke off is about to press Continue, and so waits
   * for a part of the load, or for nothing. It has no turn: the next request takes it over, or ends it at once. Where
   * it fails nobody is told, and nothing more is done until somebody asks.
   */
  #rebuild(request: LeaseRequest) {
    const begun = this.#begin(request);
    this.#rebuilding = begun;
    const isMine = () => {
      const mine = this.#rebuilding === begun;
      if (mine) this.#rebuilding = undefined;
      return mine;
    };
    begun.loaded.then(
      (loaded) => isMine() && this.#rest(loaded),
      (error: unknown) => {
        if (isMine() && !isAbort(error)) console.warn('The model was not built again:', error);
      },
    );
  }

  #adopt(rebuilt: Begun, { name }: LeaseRequest): Begun {
    this.#rebuilding = undefined;
    rebuilt.name = name;
    if (this.#activity) this.#activity = { ...this.#activity, model: name };
    return rebuilt;
  }

  async #stopRebuilding() {
    const rebuilt = this.#rebuilding;
    this.#rebuilding = undefined;
    await rebuilt?.loading.stop(new PaddockError('aborted', 'Nobody waits for this model.'));
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

/** An engine's code and its weights are one thing to those who wait. */
function activityOf({ phase, done = 0, total = 0 }: LoadProgress) {
  const shown: Activity['phase'] = phase === 'shaders' || phase === 'warmup' ? phase : 'load';
  return { phase: shown, done, total };
}

/**
 * After a second loss in a row the third would be no surprise, and the CPU is offered; and where the memory ran out,
 * a model that nobody asked for would take it again.
 */
function isWorthRebuilding(error: unknown): boolean {
  if (!(error instanceof PaddockError) || error.detail.times !== undefined) return false;
  return error.code === 'device_lost' || error.code === 'runner_died';
}
