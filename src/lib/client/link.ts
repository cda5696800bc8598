/** This tab's way to the one host: its own while it leads, else another tab's. Requests see no difference. */
import type { Call, CallOptions } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { HostRequests } from '#core/methods';
import { HostLink } from '$lib/client/host-link';
import { answerBroker } from '$lib/client/hosting';
import { lookAtHouse } from './house';
import { Lead } from '$lib/client/lead';
import type { WayToHost } from '$lib/client/port-fetch';
import type { RemoteHost } from '$lib/client/remote-host';
import { resent } from '$lib/client/resent';

export type Role = 'leader' | 'follower';

/** Greetings, of 5 s each, before a leader whose host has not started yet is taken for frozen. */
const STARTING = 6;

/** Greetings before the search is given up. */
const GREETINGS = 12;

/** The host, in this tab or in another. */
export interface Host {
  call<K extends keyof HostRequests>(
    method: K,
    params: HostRequests[K]['params'],
    options?: CallOptions,
  ): Call<HostRequests[K]['chunk'], HostRequests[K]['result']>;
}

export interface LinkEvents {
  onRole(role: Role): void;
  /** This tab got the lead, and its host does not start. */
  onFailure(error: unknown): void;
}

export class Link implements WayToHost {
  readonly #lead: Lead;
  #events: LinkEvents | undefined;
  #own: HostLink | undefined;
  #stopAnswering: (() => void) | undefined;
  #remote: Promise<Host> | undefined;

  constructor() {
    this.#lead = new Lead({
      begin: () => this.#begin(),
      end: () => this.#end(),
      fail: (error) => this.#events?.onFailure(error),
    });
  }

  /** Whether the host is this tab's own. */
  get leads(): boolean {
    return this.#own !== undefined;
  }

  /** Takes the lead, or queues for it; tells the role when it changes by itself. @throws when the host does not start */
  async enter(events: LinkEvents): Promise<Role> {
    this.#events = events;
    return (await this.#lead.enter()) ? 'leader' : 'follower';
  }

  /**
   * The host, wherever it is; a call to it that it never saw is sent to the next one, once.
   * @throws PaddockError `host_died`, `no_host`, `other_version`
   */
  async connect(): Promise<Host> {
    const host = await this.#host();
    return {
      call: (method, params, options) => {
        const again = async () => (await this.#host()).call(method, params, options);
        return resent(host.call(method, params, options), again);
      },
    };
  }

  #host(): Promise<Host> {
    if (this.#own) return this.#own.connect();
    if (this.#remote) return this.#remote;
    const forget = () => {
      if (this.#remote === found) this.#remote = undefined;
    };
    const found = this.#find(forget);
    found.catch(forget);
    return (this.#remote = found);
  }

  async #find(forget: () => void): Promise<Host> {
    // Later: the tab that leads, most often the only one, has no use for it.
    const { RemoteHost } = await import('$lib/client/remote-host');
    for (let greetings = 1; greetings <= GREETINGS; greetings++) {
      const seen = await lookAtHouse();
      const host = await RemoteHost.find((silent) => void this.#robHostOf(silent));
      if (host && !this.#own) {
        void host.ended.then(forget);
        return host;
      }
      host?.close(); // the lead has come meanwhile: it is this tab's own that answered
      if (!this.#own && (seen.host || greetings >= STARTING)) await this.#lead.rob(seen);
      if (this.#own) return this.#own.connect();
    }
    throw new PaddockError('no_host', 'No tab answers for the host.');
  }

  async #robHostOf({ lock }: RemoteHost): Promise<void> {
    const house = await lookAtHouse();
    // A failure is told by `onFailure`.
    if (house.host === lock) await this.#lead.rob(house).catch(() => {});
  }

  async #begin(): Promise<void> {
    const own = new HostLink();
    this.#own = own;
    this.#remote = undefined;
    try {
      await own.connect();
    } catch (error) {
      if (this.#own === own) this.#own = undefined;
      throw error;
    }
    if (this.#own !== own) return; // robbed meanwhile
    this.#stopAnswering = answerBroker(own);
    this.#events?.onRole('leader');
  }

  #end(): void {
    this.#stopAnswering?.();
    this.#own?.close();
    this.#own = undefined;
    this.#events?.onRole('follower');
  }
}

/** The page's one link; opens at the first request. */
export const link = new Link();
