/**
 * Finds or starts the runner that a request needs: several models are loaded, each is used by one request at a time, in
 * the order they came, and one loads while the others are used. Puts the parts together; does not read requests or
 * write answers.
 */
import type { Digest } from '#core/digest';
import type { Activity, RunnerModel } from '#core/engine';
import { isAbort, PaddockError } from '#core/errors';
import type { DeviceLimits } from '#core/paddock-api';
import { filesOf, fits } from './fits';
import { NOT_LOADED, type Lease, type LeaseRequest, type LoadedEntry } from './lease';
import { canceled, Line, type Waiter, type Waiting } from './line';
import type { LoadedRunner } from './loaded-runner';
import type { Loading } from './loading';
import { Loads } from './loads';
import { Memory } from './memory';
import { isShortage, Recovery } from './recovery';
import type { RunnerProcess, StartRunner } from './runner-process';
import { hasFile, RunnerTable } from './runner-table';
import { takeTurn } from './turn';
import { Turns } from './turns';

export interface SchedulerOptions {
  startRunner: StartRunner;
  now(): number;
  /** What the browser gives models. @throws PaddockError */
  limits(): Promise<DeviceLimits>;
  /** Called when a model begins to load, has been loaded, failed to, or was unloaded. */
  changed?(): void;
  /** Called when a request or a load begins; the result, when it ends. */
  busy?(): () => void;
  /** The installed or known model of the same family that runs on the CPU, for one that does not. */
  twinOf?(name: string): string | undefined;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #recovery: Recovery;
  readonly #memory: Memory;
  readonly #line = new Line((one, refuse) => this.#gaveUp(one, refuse));
  readonly #table: RunnerTable;
  readonly #loads: Loads;
  readonly #turns: Turns;

  constructor(options: SchedulerOptions) {
    const { startRunner, busy, now, limits } = options;
    this.#options = options;
    this.#recovery = new Recovery(options.twinOf);
    this.#memory = new Memory(limits, () => this.#turns.next());
    this.#table = new RunnerTable(() => this.#changed());
    this.#loads = new Loads({
      ...{ startRunner, busy },
      room: () => this.#table.gone(),
      begun: () => options.changed?.(),
      loaded: (loading, runner) => this.#loaded(loading, runner),
      failed: (loading, error) => this.#failed(loading, error),
    });
    this.#turns = new Turns({
      ...{ line: this.#line, table: this.#table, loads: this.#loads, memory: this.#memory },
      ...{ recovery: this.#recovery, now },
    });
  }

  /** Waits for the turn, loads if need be. @throws PaddockError `server_busy`, `aborted`, or what the load says */
  async lease(request: LeaseRequest, signal: AbortSignal): Promise<Lease> {
    const free = this.#options.busy?.();
    const ticket = this.#line.nextTicket();
    const state = { since: 0, loadMs: 0, called: false, retried: false, missed: false };
    const waiter: Waiter = { request, signal, ticket, ...state };
    try {
      return await takeTurn(waiter, {
        recovery: this.#recovery,
        enter: async () => (await this.#enter(waiter))!,
        released: (rebuild) => {
          free?.();
          if (rebuild) this.#turns.rebuild(waiter.request);
          this.#turns.next();
        },
      });
    } catch (error) {
      free?.();
      throw error;
    }
  }

  /**
   * Waits for the turn of a model that is loaded, and does `work` with it. Undefined where it is not, or not as asked
   * for, or goes meanwhile: nothing is loaded for it.
   * @throws PaddockError `server_busy`, `aborted`, and what `work` does
   */
  async withLoaded<T>(
    request: LeaseRequest,
    work: (lease: Lease) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    try {
      const lease = await this.lease({ ...request, onlyLoaded: true }, signal);
      try {
        return await work(lease);
      } finally {
        lease.release();
      }
    } catch (error) {
      if (error === NOT_LOADED) return undefined;
      throw error;
    }
  }

  /** Waits for the turn and unloads all that is there, so that a benchmark has its memory. @throws PaddockError as `lease` */
  async clear(signal: AbortSignal): Promise<void> {
    await this.#enter({ request: null, ticket: this.#line.nextTicket(), signal });
    await this.#table.gone();
  }

  /** The loaded models, the one that stays longest first. */
  list(): LoadedEntry[] {
    return this.#table.list(this.#options.now());
  }

  /** What models do before they write; the one that loads is the first. */
  get activities(): Activity[] {
    const reading = this.#table.alive.flatMap(({ name, prompt }) =>
      prompt ? [{ model: name, phase: 'prompt' as const, ...prompt }] : [],
    );
    const { current } = this.#loads;
    return current ? [current.activity, ...reading] : reading;
  }

  /** Models whose reply is being written: its first word is out, its last is not; and those asked for that wait for its end. */
  get writing(): string[] {
    const writing = this.#table.alive.filter((one) => one.writing);
    const waits = ({ request, victim }: Waiter) => {
      const awaited = this.#table.fitting(request) ?? victim;
      return awaited !== undefined && writing.includes(awaited);
    };
    const waiting = this.#line.waiters.filter(waits).map(({ request }) => request);
    return [...new Set([...writing, ...waiting].map(({ name }) => name))];
  }

  /** Unloads `model`: now, or after the requests that use it, wait for it or load it. */
  unload(model: RunnerModel): void {
    this.#turns.forgetRebuilds((request) => filesOf(request.model) === filesOf(model));
    for (const one of this.#table.withFiles(model)) this.#unload(one);
    const { current } = this.#loads;
    if (current && filesOf(current.request.model) === filesOf(model)) this.#unwant(current);
  }

  /** As `unload`: whatever is loaded, or loads, under this name. False: nothing is. */
  unloadNamed(name: string): boolean {
    const isNamed = (one: { name: string }) => one.name.toLowerCase() === name.toLowerCase();
    this.#turns.forgetRebuilds(isNamed);
    const named = this.#table.alive.filter(isNamed);
    for (const one of named) this.#unload(one);
    const { current } = this.#loads;
    const loads = current !== undefined && isNamed(current.session);
    if (loads) this.#unwant(current);
    return loads || named.length > 0;
  }

  /**
   * Unloads what has a file that is about to be deleted: as `unload`, but a load under way, which holds the file
   * open, is ended. Resolves when it has.
   */
  async discard(digest: Digest): Promise<void> {
    this.#turns.forgetRebuilds(({ model }) => hasFile(model, digest));
    for (const one of this.#table.withFile(digest)) this.#unload(one);
    const { current } = this.#loads;
    if (!current || !hasFile(current.request.model, digest)) return;
    const waiting = this.#line.waiters.filter(({ request }) => current.serves(request));
    const words = 'The model was deleted while it was loading.';
    const error = new PaddockError('model_not_found', words);
    for (const one of waiting) this.#line.refuse(one, error);
    current.unwantedTo = this.#line.lastTicket; // where it has ended well just now
    await current.stop(error);
  }

  #unwant(current: Loading): void {
    if (current.unasked) void current.stop(new PaddockError('aborted', 'It is not wanted.'));
    else current.unwantedTo = this.#line.lastTicket;
  }

  #unload(one: LoadedRunner): void {
    if (one.inUse) one.unwant(this.#line.lastTicket);
    else one.end();
  }

  #enter(one: Waiting): Promise<LoadedRunner | undefined> {
    const isNew = one.request === null || one.since === 0;
    if (one.request !== null) Object.assign(one, { since: performance.now(), called: false });
    const granted = this.#line.wait(one);
    this.#turns.next();
    if (isNew) this.#line.refuseTooMany(one);
    return granted;
  }

  /** A load that nobody waits for any more ends, and whoever gave up hears of it then. */
  #gaveUp(one: Waiting, refuse: (error: unknown) => void): void {
    const { current } = this.#loads;
    const serves = ({ request }: Waiting) => request !== null && current?.serves(request) === true;
    if (current && !current.unasked && serves(one) && !this.#line.all.some(serves)) {
      void current.stop(canceled()).then(() => refuse(canceled()));
    } else refuse(canceled());
    this.#turns.next();
  }

  #loaded(loading: Loading, runner: RunnerProcess): void {
    this.#noteTime(loading);
    const { request, session, unwantedTo } = loading;
    const one = this.#table.add(runner, session);
    if (unwantedTo !== undefined) one.unwant(unwantedTo);
    this.#recovery.loaded(request, runner.info);
    this.#memory.loaded(request, runner.info);
    this.#turns.trim(one);
    this.#changed();
  }

  #failed(loading: Loading, error: unknown): void {
    const [first] = this.#noteTime(loading);
    if (loading.unasked) {
      if (!isAbort(error)) console.warn('The model was not built again:', error);
    } else if (first && !loading.isStopped) this.#tryAgain(first, error);
    this.#changed();
  }

  /** Whoever was first to wait hears of the failure, or waits on; the others are next. */
  #tryAgain(first: Waiter, error: unknown): void {
    first.called = false;
    const roomier = isShortage(error) && this.#table.idle.length > 0;
    try {
      this.#recovery.tryAgain(error, first, { roomier });
    } catch (told) {
      return this.#line.refuse(first, told);
    }
    this.#table.endIdle();
  }

  /** Counts a load that is over for those who waited for it, and returns them. */
  #noteTime({ request: loaded, begun }: Loading): Waiter[] {
    const waiting = this.#line.waiters.filter(({ request }) => fits(loaded, request));
    const now = performance.now();
    for (const one of waiting) one.loadMs += now - Math.max(begun, one.since);
    return waiting;
  }

  #changed(): void {
    this.#options.changed?.();
    this.#turns.next();
  }
}
