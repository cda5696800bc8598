import type { Change } from '#core/changes';
import { toWire, type WireError } from '#core/errors';
import { joinChanges, watchChanges } from '$lib/storage/changes';
import { watchStorage, type StorageTrouble } from '$lib/storage/database';
import { conversations } from './conversations.svelte';
import { language } from './language.svelte';
import { settings } from './settings.svelte';

/** Reads what the page keeps, once; pages draw a calm shell until `ready`. */
class Boot {
  #ready = $state(false);
  #error = $state.raw<WireError | null>(null);
  #trouble = $state.raw<StorageTrouble | null>(null);
  #stale = $state(false);
  #started = false;

  get ready() {
    return this.#ready;
  }

  /** Why the page's storage could not be read. */
  get error() {
    return this.#error;
  }

  /** What other tabs do to this one's storage; `stale`: what they wrote there could not be read. */
  get trouble(): StorageTrouble | 'stale' | null {
    return this.#trouble ?? (this.#stale ? 'stale' : null);
  }

  async start() {
    if (this.#started) return;
    this.#started = true;
    watchStorage((trouble) => (this.#trouble = trouble));
    // Before anything is read: what another tab changes meanwhile is then read again.
    watchChanges((change) => void this.#follow(change));
    joinChanges();
    try {
      await Promise.all([settings.load(), conversations.load()]);
      // Before anything is drawn: words that change under the eye are a flash.
      await language.follow(settings.values.language);
      // Not on the first page's bill: a first visit has none.
      if (conversations.listed.length > 0) await (await import('./folders.svelte')).folders.load();
      this.#ready = true;
    } catch (error) {
      this.#error = toWire(error);
    }
  }

  /** This tab may talk to the host now: what has been in the trash for long is purged. */
  async enter() {
    try {
      await conversations.load();
      await conversations.purgeExpired();
    } catch (error) {
      this.#error = toWire(error);
    }
  }

  /** Another tab, or the host, changed something. How it is read is not on the first page's bill. */
  async #follow(change: Change) {
    try {
      const { readChange } = await import('./read-change');
      this.#stale = !(await readChange(change)); // if so the page goes on; what it has is old
    } catch {
      this.#stale = true;
    }
  }
}

export const boot = new Boot();
