import type { ProgressResponse } from 'ollama/browser';
import { isAbort, toWire, type WireError } from '#core/errors';
import { RateMeter } from '#core/rate-meter';
import { pullLock } from '#core/locks';
import { whileBusy } from '$lib/client/busy';
import { holding, isHeld, whenFree } from '$lib/client/held-locks';
import { openOllama } from '$lib/client/ollama';
import { requestPersistence } from '$lib/client/paddock';
import { LayerSums } from './layer-sums';
import { models } from './models.svelte';
import { settings } from './settings.svelte';

export type PullPhase =
  'idle' | 'manifest' | 'downloading' | 'verifying' | 'writing' | 'done' | 'cancelled' | 'failed';

/** Figures that change faster than this cannot be read. */
const READING_MS = 500;

/** Owns one download: what has arrived, how fast, and how it ended. */
export class Pull {
  readonly name: string;
  #phase = $state<PullPhase>('idle');
  #expected: number;
  #completed = $state(0);
  #total = $state(0);
  #reading = $state.raw<{ rate: number; secondsLeft: number } | null>(null);
  #error = $state.raw<WireError | null>(null);
  #layers = new LayerSums();
  #meter = new RateMeter();
  #readAt = 0;
  #noter: ReturnType<typeof setTimeout> | undefined;
  #elsewhere = $state(false);
  #abort = new AbortController();

  /** `expected`: the size in bytes, where it is known before the manifest is read. */
  constructor(name: string, expected = 0) {
    this.name = name;
    this.#expected = expected;
  }

  get phase() {
    return this.#phase;
  }

  get active() {
    return !['idle', 'done', 'cancelled', 'failed'].includes(this.#phase);
  }

  /** True while another tab downloads it: how far that is, `completed` and `total` tell. */
  get elsewhere() {
    return this.#elsewhere && !this.active;
  }

  /** Bytes that are here; before a resume, as last seen. */
  get completed() {
    return this.#told ? (this.#kept?.completed ?? 0) : this.#completed;
  }

  /** Bytes; 0 while unknown. */
  get total() {
    if (!this.#told) return this.#total;
    return Math.max(this.#expected, this.#kept?.total ?? 0);
  }

  /** Whether the figures are another page's. */
  get #told() {
    return this.#phase === 'idle' || this.elsewhere;
  }

  /** What an earlier page, or another tab, noted; read late, since the first page draws before the settings are here. */
  get #kept() {
    const kept = settings.values.unfinishedPull;
    return kept?.name === this.name ? kept : null;
  }

  /** Bytes a second and seconds left; null while there is too little to say. */
  get reading() {
    return this.#reading;
  }

  get error() {
    return this.#error;
  }

  /** Looks whether another tab downloads it; resolves when none does. */
  async follow(): Promise<void> {
    if (this.active || this.#elsewhere) return;
    const lock = pullLock(this.name);
    this.#elsewhere = await isHeld(lock);
    if (!this.#elsewhere) return;
    await whenFree(lock);
    this.#elsewhere = false;
  }

  /** Resolves when the pull has ended, in whatever way. What arrived is kept for the next start. */
  async start(): Promise<void> {
    if (this.active) return;
    this.#completed = this.completed;
    this.#total = this.total;
    this.#phase = 'manifest';
    this.#error = null;
    this.#reading = null;
    this.#layers = new LayerSums();
    this.#meter = new RateMeter();
    this.#abort = new AbortController();
    // Asked before the first byte, but not waited for: Firefox asks the person, who may look away.
    requestPersistence().catch(() => false);
    const ended = new AbortController();
    this.#hold(ended.signal);
    this.#remember();
    try {
      await whileBusy(() => this.#transfer(this.#abort.signal));
      this.#phase = 'done';
      await models.refresh();
      // Last: another tab that shows the download shows the model by now.
      settings.note('unfinishedPull', null);
    } catch (error) {
      if (this.#abort.signal.aborted || isAbort(error)) this.#phase = 'cancelled';
      else {
        this.#error = toWire(error);
        this.#phase = 'failed';
      }
      if (this.#completed > 0) this.#remember();
      else settings.note('unfinishedPull', null);
    } finally {
      clearTimeout(this.#noter);
      this.#noter = undefined;
      ended.abort();
    }
  }

  /** Other tabs see by the lock that it goes on; two that download the same model have it one after the other. */
  #hold(ended: AbortSignal) {
    const until = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve()));
    void holding(pullLock(this.name), () => until);
  }

  cancel() {
    this.#abort.abort();
  }

  async #transfer(signal: AbortSignal) {
    const client = await openOllama(signal);
    const stream = await client.pull({ model: this.name, stream: true });
    for await (const progress of stream) this.#take(progress);
  }

  #take({ status, digest, total, completed }: ProgressResponse) {
    if (digest && total) {
      this.#phase = 'downloading';
      this.#layers.set(digest, completed ?? 0, total);
      this.#sum();
    } else if (status.startsWith('verifying')) this.#phase = 'verifying';
    else if (status.startsWith('writing')) this.#phase = 'writing';
  }

  #sum() {
    this.#completed = this.#layers.completed;
    this.#total = this.#layers.total;
    const now = performance.now();
    this.#meter.add(this.#completed, now);
    this.#noter ??= setTimeout(() => {
      this.#noter = undefined;
      this.#remember();
    }, READING_MS);
    if (now - this.#readAt < READING_MS) return;
    this.#readAt = now;
    const rate = this.#meter.perSecond;
    const secondsLeft = this.#meter.secondsLeft(this.#total);
    this.#reading = rate !== null && secondsLeft !== null ? { rate, secondsLeft } : null;
  }

  /** So that a reload, and another tab, can say how far it came. */
  #remember() {
    const { name } = this;
    settings.note('unfinishedPull', { name, completed: this.#completed, total: this.#total });
  }
}
