/** Owns the host's worker: starts it, notices its death, starts the next one. Knows nothing of HTTP. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { HostMethods } from '#core/methods';
import { siteUrl } from '$lib/client/site';
import { allowOwnWorkers } from '$lib/client/trusted-types';

/** The page's own host, while this tab is the leader. */
export class HostLink {
  #starting: Promise<Caller<HostMethods>> | undefined;

  /** The running host; starts one when there is none. @throws PaddockError `host_died` when it cannot start */
  connect(): Promise<Caller<HostMethods>> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined; // the next request tries again
      throw error;
    });
    return this.#starting;
  }

  async #start(): Promise<Caller<HostMethods>> {
    allowOwnWorkers();
    const worker = new Worker(new URL('../../../workers/host/main.ts', import.meta.url), {
      type: 'module',
      name: 'paddock-host',
    });
    const caller = new Caller<HostMethods>(worker);
    const die = (why: string) => {
      caller.fail(new PaddockError('host_died', why));
      worker.terminate();
      this.#starting = undefined;
    };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      die(event.message || 'The host could not be loaded.');
    });
    const lock = `paddock-host:${crypto.randomUUID()}`;
    await caller.call('start', { siteUrl: siteUrl(), lock }).result;
    // The host holds this lock as long as it lives: to get it means that it is gone.
    void navigator.locks.request(lock, () => die('The host ended.'));
    return caller;
  }
}
