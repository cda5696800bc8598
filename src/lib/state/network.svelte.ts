import { toWire, type WireError } from '#core/errors';
import { MAX_REFUSALS, type Refusal } from '#core/network-gate';
import { reloadWhenIdle } from '$lib/client/busy';
import {
  holdPage,
  isNetworkOff,
  isPageHeld,
  onOtherTabsSwitch,
  onPageRefusal,
  storedNetworkOff,
  storeNetworkOff,
} from '$lib/client/network';
import { networkOfHost, switchNetworkOfHost } from '$lib/client/paddock';
import { door } from './door.svelte';
import { settings } from './settings.svelte';

/** Several policies may refuse one request, and each says so, at the same moment. */
const SAME_MS = 1000;

/** Owns the switch "network off", for this page and the host, and the log of what was refused. */
class Network {
  #off = $state(isNetworkOff());
  #watches = false;
  #waits = $state(false);
  /** Calls off the reload that switching on takes. */
  #reload = new AbortController();
  #error = $state.raw<WireError | null>(null);
  #byPage = $state.raw<Refusal[]>([]);
  #byHost = $state.raw<Refusal[]>([]);

  get off() {
    return this.#off;
  }

  /** Switched on again, and the reload that it takes waits for the end of replies and downloads. */
  get waits() {
    return this.#waits;
  }

  /** Why it could not be kept, or the host not be told or asked. */
  get error() {
    return this.#error;
  }

  /** Refused by this page since it was opened, newest first. */
  get byPage() {
    return this.#byPage;
  }

  /** Refused by the host since it was started, newest first; as of `refresh`. */
  get byHost() {
    return this.#byHost;
  }

  /**
   * Once the settings are read: follows the other tabs from now on, and notes what the browser refuses. Called
   * again when a host is there, which may have started before the setting was known.
   */
  watch() {
    if (!this.#watches) {
      this.#watches = true;
      onPageRefusal((url) => this.#note(url));
      onOtherTabsSwitch(() => void this.#follow());
      // The copy that is read before the first paint counts, unless it was lost.
      const copy = storedNetworkOff();
      const setting = settings.values.networkOff;
      if (copy === null && setting) void this.switch(true);
      else if (copy !== null && copy !== setting) settings.set('networkOff', copy);
    } else if (this.#off) void this.#follow();
  }

  /** Switches in all tabs and at the host. */
  async switch(off: boolean): Promise<void> {
    try {
      storeNetworkOff(off);
    } catch (error) {
      this.#error = toWire(error, 'storage_failed');
      return;
    }
    settings.set('networkOff', off);
    await this.#follow();
  }

  /** Reads the host's log. */
  async refresh(): Promise<void> {
    await this.#ask(networkOfHost);
  }

  async #follow() {
    const off = (this.#off = isNetworkOff());
    this.#reload.abort();
    this.#reload = new AbortController();
    this.#waits = false;
    if (off) holdPage();
    else if (isPageHeld()) reloadWhenIdle(() => (this.#waits = true), this.#reload.signal);
    if (door.ready) await this.#ask(() => switchNetworkOfHost(off));
  }

  async #ask(question: typeof networkOfHost) {
    try {
      this.#byHost = (await question()).refused;
      this.#error = null;
    } catch (error) {
      this.#error = toWire(error);
    }
  }

  #note(url: string) {
    const at = Date.now();
    const [last] = this.#byPage;
    if (last?.url === url && at - last.at < SAME_MS) return;
    this.#byPage = [{ url, at }, ...this.#byPage].slice(0, MAX_REFUSALS);
  }
}

export const network = new Network();
