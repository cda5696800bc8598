import { untrack } from 'svelte';
import { toWire, type WireError } from '#core/errors';
import type { LibraryWords, PullJob, PullQueue } from '#core/paddock-api';
import type { PullAction } from '$lib/client/pulls';
import { requestPersistence } from '$lib/client/paddock';

/** Not on the first page's bill: it asks for nothing before there is a host. */
const calls = () => import('$lib/client/pulls');

/** The host's queue of downloads, as every tab sees it. */
class Pulls {
  #queue = $state.raw<PullQueue | null>(null);
  #error = $state.raw<WireError | null>(null);
  #viewers = 0;
  #stream: AbortController | undefined;

  /** False until the host was asked. */
  get known() {
    return this.#queue !== null || this.#error !== null;
  }

  /** In the order of adding. */
  get all(): PullJob[] {
    return this.#queue?.pulls ?? [];
  }

  /** Downloads that run at once; null until it is known. */
  get parallel() {
    return this.#queue?.parallel ?? null;
  }

  /** Why the queue could not be read, or not be changed. */
  get error() {
    return this.#error;
  }

  /** `name` as the host spells it. */
  of(name: string): PullJob | undefined {
    return this.all.find(({ model }) => model === name);
  }

  /** Reads the queue; called whenever the host says that it has changed. */
  async refresh(): Promise<void> {
    if (this.#stream) return; // which tells it
    await this.#ask(async () => (await calls()).readQueue());
  }

  /** Somebody looks at the figures until the result is called. */
  view(): () => void {
    this.#viewers++;
    untrack(() => void this.#follow()); // or the effect that calls this would begin anew with each figure
    return () => {
      if (--this.#viewers === 0) this.#stream?.abort();
    };
  }

  /**
   * Downloads `model`, or goes on with it. Resolves with why the host does not; unless that is the name, `error` says
   * it too.
   */
  async add(model: string, insecure = false, words?: LibraryWords): Promise<WireError | null> {
    keepData();
    let refused: WireError | null = null;
    await this.#ask(async () => {
      const { addPull, readQueue } = await calls();
      try {
        await addPull(model, insecure, words);
      } catch (error) {
        refused = toWire(error);
        if (refused.code !== 'invalid_name') throw error;
      }
      return readQueue();
    });
    return refused;
  }

  async change(action: PullAction, model: string): Promise<void> {
    if (action === 'resume') keepData();
    await this.#ask(async () => (await calls()).changePull(action, model));
  }

  async limit(parallel: number): Promise<void> {
    await this.#ask(async () => (await calls()).limitPulls(parallel));
  }

  async #ask(question: () => Promise<PullQueue>) {
    try {
      const queue = await question();
      if (!this.#stream) this.#queue = queue; // what the stream has told is newer
      this.#error = null;
    } catch (error) {
      this.#error = toWire(error);
    }
    void this.#follow();
  }

  /** Hears of progress as long as there is some and somebody looks. */
  async #follow() {
    if (this.#stream || this.#viewers === 0 || !this.#moves) return;
    const stream = (this.#stream = new AbortController());
    let heard = false;
    try {
      const { followQueue } = await calls();
      for await (const queue of followQueue(stream.signal)) {
        this.#queue = queue;
        this.#error = null;
        heard = true;
        if (!this.#moves) break;
      }
    } catch (error) {
      if (!stream.signal.aborted && !heard) this.#error = toWire(error);
    }
    this.#stream = undefined;
    if (stream.signal.aborted) void this.#follow(); // somebody may look again already
    else if (heard && this.#moves) void this.refresh(); // the host has died, and the next one goes on
  }

  get #moves() {
    return this.all.some(({ state }) => state === 'running' || state === 'queued');
  }
}

/** Asked for before the first byte, but not waited for: Firefox asks the person, who may look away. */
function keepData() {
  requestPersistence().catch(() => false);
}

export const pulls = new Pulls();
