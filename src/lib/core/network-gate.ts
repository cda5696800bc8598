/** The way to the network for host and pullers: with the network off, the site's own origin and nothing else. */
import { PaddockError } from '#core/errors';

/** A request that was not made. */
export interface Refusal {
  url: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Refusals that are kept; the oldest go. */
export const MAX_REFUSALS = 100;

export interface NetworkGateOptions {
  siteUrl: string;
  off?: boolean;
  /** The worker's own unless a test brings another. */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export class NetworkGate {
  readonly #siteUrl: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #now: () => number;
  readonly #listeners = new Set<(off: boolean) => void>();
  #off: boolean;
  /** Ends what is under way with other origins. */
  #cut = new AbortController();
  #refused: Refusal[] = [];

  constructor(options: NetworkGateOptions) {
    this.#siteUrl = options.siteUrl;
    this.#off = options.off ?? false;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#now = options.now ?? Date.now;
  }

  get off(): boolean {
    return this.#off;
  }

  /** Newest first. */
  get refused(): readonly Refusal[] {
    return this.#refused;
  }

  /** Switching off also cuts what is under way with other origins. */
  switch(off: boolean): void {
    if (off === this.#off) return;
    this.#off = off;
    if (off) this.#cut.abort(networkOff());
    else this.#cut = new AbortController();
    for (const listener of this.#listeners) listener(off);
  }

  /** Calls `listener` at each switch, until the result is called. */
  onSwitch(listener: (off: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes what was refused behind another gate. */
  note(url: string): void {
    this.#refused = [{ url, at: this.#now() }, ...this.#refused].slice(0, MAX_REFUSALS);
  }

  /**
   * `fetch` as long as the network is on. Off, a redirect is refused wherever it leads: JavaScript cannot see
   * its target before the browser has asked there. @throws PaddockError `network_off` (detail: url), noted
   */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    const foreign = this.#isForeign(url);
    if (this.#off && foreign) throw this.#refuse(url);
    const stop = foreign ? this.#cut : new AbortController();
    const signals = init?.signal ? [stop.signal, init.signal] : [stop.signal];
    const response = await this.#fetch(input, {
      ...init,
      signal: AbortSignal.any(signals),
      ...(this.#off && { redirect: 'manual' }),
    });
    if (response.type === 'opaqueredirect') throw this.#refuse(url);
    if (!foreign && this.#isForeign(response.url)) {
      if (this.#off) {
        stop.abort();
        throw this.#refuse(response.url);
      }
      const cut = () => stop.abort(networkOff(response.url));
      this.#cut.signal.addEventListener('abort', cut, { once: true });
    }
    return response;
  };

  #isForeign(url: string): boolean {
    return new URL(url, this.#siteUrl).origin !== new URL(this.#siteUrl).origin;
  }

  #refuse(url: string): PaddockError {
    this.note(url);
    return networkOff(url);
  }
}

function networkOff(url?: string): PaddockError {
  const what = url === undefined ? 'this' : url;
  const message = `The network is switched off: ${what} was not asked.`;
  return new PaddockError('network_off', message, url === undefined ? {} : { url });
}
