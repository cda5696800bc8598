import { toWire, type WireError } from '#core/errors';
import type { SearchProgress, SearchResult } from '#core/search/methods';
import { searcher } from '$lib/client/search';

/** Chats shown at first, and with each "more". */
const STEP = 20;

/** Milliseconds in which several changes are one: a reply is written twice a second. */
const SETTLE_MS = 300;

/** Owns one search: what is asked, and what is found now. */
export class Search {
  #query = '';
  #limit = STEP;
  #whole: string[] = [];
  #result = $state.raw<SearchResult | null>(null);
  #progress = $state.raw<SearchProgress | null>(null);
  #error = $state.raw<WireError | null>(null);
  /** Of the latest search: an earlier one that ends later is of no use. */
  #latest = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Null until the first search has ended. */
  get result() {
    return this.#result;
  }

  /** How far the chats are read, while they are. */
  get progress() {
    return this.#progress;
  }

  get error() {
    return this.#error;
  }

  /** Another query begins at its newest chats. */
  ask(query: string) {
    this.#query = query;
    this.#limit = STEP;
    this.#whole = [];
    void this.#run();
  }

  more() {
    this.#limit += STEP;
    void this.#run();
  }

  /** Shows every hit of this chat. */
  showAll(id: string) {
    this.#whole = [...this.#whole, id];
    void this.#run();
  }

  retry() {
    void this.#run();
    this.follow();
  }

  /** Searches again whenever chats change, until what it returns is called. */
  follow(): () => void {
    const watch = new AbortController();
    void this.#watch(watch.signal);
    return () => {
      watch.abort();
      clearTimeout(this.#timer);
    };
  }

  async #watch(signal: AbortSignal) {
    try {
      const changes = searcher().call('watch', null, { signal })[Symbol.asyncIterator]();
      while (!(await changes.next()).done) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#run(), SETTLE_MS);
      }
    } catch {
      // Cancelled, or the worker is gone: the search itself says that.
    }
  }

  async #run() {
    const turn = ++this.#latest;
    try {
      const params = { query: this.#query, limit: this.#limit, whole: this.#whole };
      const call = searcher().call('search', params);
      for await (const progress of call) if (turn === this.#latest) this.#progress = progress;
      const result = await call.result;
      if (turn !== this.#latest) return;
      this.#result = result;
      this.#error = null;
    } catch (error) {
      if (turn === this.#latest) this.#error = toWire(error);
    } finally {
      if (turn === this.#latest) this.#progress = null;
    }
  }
}
