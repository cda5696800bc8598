/** One pull of the queue: its state, and what has come of it. */
import { parseDigest, type Digest } from '#core/digest';
import { toWire, type WireError } from '#core/errors';
import { LayerSums } from '#core/layer-sums';
import type { TransferWait } from '#core/methods';
import { displayName, nameKey } from '#core/names';
import type { PullJob, PullWait } from '#core/paddock-api';
import { wishesOf, type PullTarget } from '#core/pull-target';
import { RateMeter } from '#core/rate-meter';
import type { PullStatus } from './pull';
import type { PullRecord } from './records';

/** Figures that change faster than this cannot be read. */
const READING_MS = 500;

export class QueueJob {
  readonly key: string;
  readonly model: string;
  readonly blobs: Set<Digest>;
  /** Stops the run under way. */
  stop: AbortController | undefined;
  /** Resolves when no run of it is under way. */
  ended: Promise<void> = Promise.resolve();
  /** Milliseconds since the epoch, of the record. */
  savedAt = 0;
  #state: PullJob['state'] = 'queued';
  #target: PullTarget;
  #asked: string;
  #addedAt: number;
  #status = '';
  #completed: number;
  #total: number;
  #error: WireError | undefined;
  #waiting: PullWait | undefined;
  #layers = new LayerSums();
  #meter = new RateMeter();
  #reading: { at: number; rate: number | null; left: number | null } | undefined;

  /** `record.model` is what `target` was read from. */
  constructor(target: PullTarget, record: Omit<PullRecord, 'key' | 'insecure'>) {
    this.#target = target;
    this.key = nameKey(target.name);
    this.model = displayName(target.name);
    this.blobs = new Set(record.blobs);
    this.#asked = record.model;
    this.#addedAt = record.addedAt;
    this.#state = record.state;
    this.#completed = record.completed;
    this.#total = record.total;
    this.#error = record.error;
    this.#keepLibrary();
  }

  get target() {
    return this.#target;
  }

  get state() {
    return this.#state;
  }

  get error() {
    return this.#error;
  }

  get completed() {
    return this.#completed;
  }

  get addedAt() {
    return this.#addedAt;
  }

  /** Forgets the error of the run before, and the figures that only a run has. */
  enter(state: 'queued' | 'running' | 'paused'): void {
    this.#begin(state);
  }

  /** Asked for again as `model`, whose target is `target`: another address, or plain HTTP, is for the next run. */
  ask(model: string, target: PullTarget): void {
    const { url, insecure } = this.#target;
    const wishes = { ...wishesOf(this.#target), ...wishesOf(target) };
    const elsewhere = target.url !== undefined && target.url !== url;
    if (elsewhere || (target.insecure && !insecure)) {
      this.#target = target;
      this.#asked = model;
    } // else the name alone says no more than before
    this.#target = { ...this.#target, ...wishes };
    this.#keepLibrary();
  }

  fail(error: unknown): void {
    this.#begin('failed');
    this.#error = toWire(error);
  }

  finish(): void {
    this.#begin('done');
    this.#completed = this.#total;
  }

  measure(bytes: number): void {
    this.#total = bytes;
  }

  found(digest: Digest): void {
    this.blobs.add(digest);
  }

  /** Null: it goes on. */
  wait(wait: TransferWait | null): void {
    this.#waiting = undefined;
    if (!wait) return;
    const { error, again, next, tries } = wait;
    this.#waiting = { error, seconds: Math.ceil(again / 1000), next_try: next, tries };
    // The rate that it had says nothing of when it ends.
    this.#meter = new RateMeter();
    this.#reading = undefined;
  }

  /** True when it names a blob that was not known to be needed; `at` in milliseconds. */
  take({ status, digest, total, completed = 0 }: PullStatus, at: number): boolean {
    this.#status = status;
    if (!digest || !total) return false;
    this.#layers.set(digest, completed, total);
    this.#completed = this.#layers.completed;
    // Layers are told one after the other: what is known of the whole counts until they are all seen.
    this.#total = Math.max(this.#total, this.#layers.total);
    this.#meter.add(this.#completed, at);
    if (!this.#reading || at - this.#reading.at >= READING_MS) {
      const left = this.#meter.secondsLeft(this.#total);
      this.#reading = { at, rate: this.#meter.perSecond, left };
    }
    const known = this.blobs.has(digest);
    this.blobs.add(digest);
    return !known;
  }

  /** What the database keeps; null for one that is done. */
  get record(): PullRecord | null {
    if (this.#state === 'done') return null;
    const wishes = wishesOf(this.#target);
    return {
      key: this.key,
      model: this.#asked,
      insecure: this.#target.insecure ?? false,
      ...(wishes && { wishes }),
      state: this.#state,
      completed: this.#completed,
      total: this.#total,
      addedAt: this.#addedAt,
      blobs: [...this.blobs],
      ...(this.#error && { error: this.#error }),
    };
  }

  get shown(): PullJob {
    return {
      model: this.model,
      state: this.#state,
      status: this.#status,
      completed: this.#completed,
      total: this.#total,
      rate: this.#reading?.rate ?? null,
      seconds_left: this.#reading?.left ?? null,
      added_at: new Date(this.#addedAt).toISOString(),
      ...(this.#error && { error: this.#error }),
      ...(this.#waiting && { waiting: this.#waiting }),
    };
  }

  /** A library from disk lies here before the pull comes to it, and until then nobody else names it. */
  #keepLibrary(): void {
    const library = parseDigest(this.#target.library);
    if (library) this.blobs.add(library);
  }

  #begin(state: PullJob['state']): void {
    this.#state = state;
    this.#error = undefined;
    this.#waiting = undefined;
    this.#status = '';
    this.#layers = new LayerSums();
    this.#meter = new RateMeter();
    this.#reading = undefined;
  }
}
