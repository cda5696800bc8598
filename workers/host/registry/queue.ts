/**
 * The downloads that people asked for: some at once, the others in their order. They are the host's, so every tab
 * sees the same, and they outlive it: what was under way when it died goes on with the next one.
 */
import type { Digest } from '#core/digest';
import { PaddockError, toPaddockError, type ErrorCode } from '#core/errors';
import { displayName, nameKey, parseName } from '#core/names';
import {
  MAX_PARALLEL_PULLS,
  type PullJob,
  type PullQueue as PullQueueState,
} from '#core/paddock-api';
import { parsePullTarget, type MlcWishes, type PullTarget } from '#core/pull-target';
import type { RegistryDb } from './db';
import type { PullStatus, PullWatch } from './pull';
import { QueueJob } from './queue-job';
import { Signals } from './signals';

export interface PullQueueOptions {
  pull(
    target: PullTarget,
    signal: AbortSignal,
    watch: PullWatch,
  ): AsyncGenerator<PullStatus, void, void>;
  /** Removes the blobs that nothing needs. */
  discard(digests: Digest[]): Promise<void>;
  /** Null when this is not installed. */
  get(name: PullTarget['name']): Promise<unknown>;
  db: Pick<RegistryDb, 'pulls' | 'putPull' | 'deletePull' | 'pullLimit' | 'putPullLimit'>;
  /** Runs `work` while no update may replace the site; `signal` ends the wait for that. */
  whileBusy(work: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Called when a pull comes, goes, or changes its state. */
  changed(): void;
  /** Called when a pull begins to run; the result, when it ends. */
  busy?(): () => void;
}

/** Two: a small model does not wait behind a large one, and a slow line is not cut into crumbs. */
const DEFAULT_PARALLEL = 2;

/** Milliseconds between two notes of how far a pull is; the ledgers know the truth. */
const NOTE_MS = 1000;

/** Errors that pass by themselves. */
type Passing = Extract<ErrorCode, 'network' | 'network_off'>;

export class PullQueue {
  readonly #options: PullQueueOptions;
  /** In the order of adding, by key. */
  readonly #jobs = new Map<string, QueueJob>();
  /** Pulls of others, who wait for their answers. */
  readonly #guests = new Set<QueueJob>();
  readonly #signals = new Signals();
  #parallel = DEFAULT_PARALLEL;
  #lastAdded = 0;

  constructor(options: PullQueueOptions) {
    this.#options = options;
  }

  get state(): PullQueueState {
    const guests = [...this.#guests].filter(({ key }) => !this.#jobs.has(key));
    return {
      pulls: [
        ...[...this.#jobs.values()].map((job) => job.shown),
        ...guests.map((job) => ({ ...job.shown, api: true as const })),
      ],
      parallel: this.#parallel,
    };
  }

  /** Goes on with what an earlier host left, but for what was paused. @throws PaddockError when storage fails */
  async begin(): Promise<void> {
    const { db } = this.#options;
    this.#parallel = within((await db.pullLimit()) ?? DEFAULT_PARALLEL);
    const records = (await db.pulls()).sort((a, b) => a.addedAt - b.addedAt);
    for (const record of records) {
      const target = parsePullTarget(record.model, record.insecure);
      if (!target || this.#jobs.has(record.key)) continue;
      const job = new QueueJob({ ...target, ...record.wishes }, record);
      if (job.state === 'running' || isPassing(job)) job.enter('queued');
      this.#jobs.set(job.key, job);
      this.#lastAdded = Math.max(this.#lastAdded, job.addedAt);
    }
    if (this.#jobs.size > 0) this.#tell();
    this.#fill();
  }

  /**
   * Puts `model` at the end of the queue; one that is in it already goes on from where it is, in the way that was asked
   * for last.
   * @throws PaddockError `invalid_name`; of storage
   */
  async add(model: string, insecure = false, wishes: MlcWishes = {}): Promise<PullJob> {
    const named = parsePullTarget(model, insecure);
    if (!named) throw new PaddockError('invalid_name', 'invalid model name', { model });
    const target = { ...named, ...wishes };
    let job = this.#jobs.get(nameKey(target.name));
    if (job) {
      job.ask(model, target);
      await this.#requeue(job);
    } else {
      await this.#dropHopeless();
      this.#lastAdded = Math.max(this.#options.now(), this.#lastAdded + 1);
      const figures = { completed: 0, total: 0, blobs: [], addedAt: this.#lastAdded };
      job = new QueueJob(target, { model, state: 'queued', ...figures });
      this.#jobs.set(job.key, job);
      try {
        await this.#save(job);
      } catch (error) {
        this.#jobs.delete(job.key);
        throw error;
      }
    }
    this.#tell();
    this.#fill();
    return job.shown;
  }

  /** Its bytes stay. @throws PaddockError `model_not_found`; of storage */
  async pause(model: string): Promise<void> {
    const job = this.#find(model);
    if (job.state !== 'queued' && job.state !== 'running') return;
    job.enter('paused');
    job.stop?.abort();
    this.#tell();
    this.#fill();
    await this.#save(job);
  }

  /** @throws PaddockError `model_not_found`; of storage */
  async resume(model: string): Promise<void> {
    const job = this.#find(model);
    await this.#requeue(job);
    this.#tell();
    this.#fill();
  }

  /** Takes it out, with its bytes but for what others need. @throws PaddockError `model_not_found`; of storage */
  async cancel(model: string): Promise<void> {
    const { db, discard } = this.#options;
    const job = this.#find(model);
    this.#jobs.delete(job.key);
    job.stop?.abort();
    this.#tell();
    this.#fill();
    await db.deletePull(job.key);
    await job.ended;
    await discard([...job.blobs]);
  }

  /** How many run at once; the latest of those that are too many wait. @throws PaddockError of storage */
  async limit(parallel: number): Promise<void> {
    this.#parallel = within(parallel);
    const running = this.#inState('running');
    for (const job of running.slice(this.#parallel)) {
      job.enter('queued');
      job.stop?.abort();
    }
    this.#tell();
    this.#fill();
    await this.#options.db.putPullLimit(this.#parallel);
  }

  /** What failed with `code` is tried again: the reason has passed. */
  retry(code: Passing): void {
    const failed = this.#inState('failed').filter(({ error }) => error?.code === code);
    if (failed.length === 0) return;
    for (const job of failed) job.enter('queued');
    this.#tell();
    this.#fill();
  }

  /** Models may have gone: what is done and is not there any more is not said to be. */
  async forgetGone(): Promise<void> {
    for (const job of this.#inState('done')) {
      if (await this.#options.get(job.target.name)) continue;
      if (job.state !== 'done' || !this.#jobs.delete(job.key)) continue;
      this.#tell();
    }
  }

  /** A pull that does not belong to the queue, as `pull` starts it, shown in it while it is read. */
  async *shown(
    target: PullTarget,
    pull: (watch: PullWatch) => AsyncGenerator<PullStatus, void, void>,
  ): AsyncGenerator<PullStatus, void, void> {
    const { now } = this.#options;
    const model = displayName(target.name);
    const figures = { completed: 0, total: 0, blobs: [], addedAt: now() };
    const guest = new QueueJob(target, { model, state: 'running', ...figures });
    this.#guests.add(guest);
    this.#tell();
    const free = this.#options.busy?.();
    try {
      for await (const status of pull(this.#watch(guest))) {
        guest.take(status, now());
        this.#signals.change();
        yield status;
      }
    } finally {
      this.#guests.delete(guest);
      this.#tell();
      free?.();
    }
  }

  /** The queue now, and whenever it has changed; a slow reader gets the latest. Ends when `signal` aborts. */
  watch(signal: AbortSignal): AsyncGenerator<PullQueueState, void, void> {
    return this.#signals.watch(() => this.state, signal);
  }

  async #requeue(job: QueueJob): Promise<void> {
    if (job.state !== 'running') job.enter('queued');
    await this.#save(job);
  }

  #fill(): void {
    const free = this.#parallel - this.#inState('running').length;
    for (const job of this.#inState('queued').slice(0, Math.max(0, free))) {
      const stop = new AbortController();
      job.enter('running');
      job.stop = stop;
      // The run before may still be stopping.
      job.ended = job.ended.then(() => this.#run(job, stop.signal));
      this.#tell();
    }
  }

  /** Never rejects. Whoever aborts `signal` has said what becomes of the job. */
  async #run(job: QueueJob, signal: AbortSignal): Promise<void> {
    // The run before may have come to its end after all.
    if (signal.aborted || job.state !== 'running') return;
    const { pull, whileBusy } = this.#options;
    const free = this.#options.busy?.();
    try {
      await whileBusy(async () => {
        await this.#save(job);
        for await (const status of pull(job.target, signal, this.#watch(job))) {
          const { now } = this.#options;
          if (signal.aborted) continue;
          if (job.take(status, now()) || now() - job.savedAt >= NOTE_MS) await this.#save(job);
          this.#signals.change();
        }
      }, signal);
      // The last step cannot be stopped any more: a pause that came too late finds it done.
      if (this.#jobs.get(job.key) === job) job.finish();
    } catch (error) {
      if (signal.aborted) return;
      job.fail(toPaddockError(error));
    } finally {
      free?.();
    }
    try {
      await this.#save(job);
    } catch (error) {
      console.warn('The download is not noted:', error); // it is shown, with the reason, until the host ends
    }
    this.#tell();
    this.#fill();
  }

  #watch(job: QueueJob): PullWatch {
    return {
      onSize: (bytes) => job.measure(bytes),
      onFound: (digest) => job.found(digest),
      onWait: (wait) => {
        job.wait(wait);
        this.#signals.change();
      },
    };
  }

  async #save(job: QueueJob): Promise<void> {
    const { db, now } = this.#options;
    if (this.#jobs.get(job.key) !== job) return; // cancelled
    job.savedAt = now();
    const { record } = job;
    await (record ? db.putPull(record) : db.deletePull(job.key));
  }

  /** Those that failed for good, with nothing to show for it, would pile up. */
  async #dropHopeless(): Promise<void> {
    for (const job of this.#inState('failed')) {
      if (job.completed > 0 || isPassing(job)) continue;
      this.#jobs.delete(job.key);
      await this.#options.db.deletePull(job.key);
    }
  }

  #inState(state: PullJob['state']): QueueJob[] {
    return [...this.#jobs.values()].filter((job) => job.state === state);
  }

  /** @throws PaddockError `model_not_found` */
  #find(model: string): QueueJob {
    const name = parseName(model);
    const job =
      (name && this.#jobs.get(nameKey(name))) ??
      [...this.#jobs.values()].find((one) => one.model === model);
    if (job) return job;
    throw new PaddockError('model_not_found', `no download of '${model}'`, { model });
  }

  #tell(): void {
    this.#signals.change();
    this.#options.changed();
  }
}

function isPassing({ state, error }: QueueJob): boolean {
  return state === 'failed' && (error?.code === 'network' || error?.code === 'network_off');
}

function within(parallel: number): number {
  return Math.min(MAX_PARALLEL_PULLS, Math.max(1, parallel));
}
