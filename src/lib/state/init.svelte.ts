import { toWire, type WireError } from '#core/errors';
import { watchStorage, type StorageTrouble } from '$lib/storage/database';
import { conversations } from './conversations.svelte';
import { settings } from './settings.svelte';

/** Reads what the page keeps, once; pages draw a calm shell until `ready`. */
class Boot {
  #ready = $state(false);
  #error = $state.raw<WireError | null>(null);
  #trouble = $state.raw<StorageTrouble | null>(null);
  #started = false;

  get ready() {
    return this.#ready;
  }

  /** Why the page's storage could not be read. */
  get error() {
    return this.#error;
  }

  /** What other tabs do to this one's storage. */
  get trouble() {
    return this.#trouble;
  }

  async start() {
    if (this.#started) return;
    this.#started = true;
    watchStorage((trouble) => (this.#trouble = trouble));
    try {
      await Promise.all([settings.load(), conversations.load()]);
      this.#ready = true;
    } catch (error) {
      this.#error = toWire(error);
    }
  }

  /** This tab leads now: the list is read again, since another tab may have changed it. */
  async lead() {
    try {
      await conversations.load();
      conversations.finishDeletions();
    } catch (error) {
      this.#error = toWire(error);
    }
  }
}

export const boot = new Boot();
