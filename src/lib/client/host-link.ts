/** Owns the host's worker: starts it, notices its death, starts the next one. Knows nothing of HTTP. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { HostMethods } from '#core/methods';
import { newHostLock } from '#core/locks';
import { whenFree } from '$lib/client/held-locks';
import { isNetworkOff } from '$lib/client/network';
import { siteUrl } from '$lib/client/site';
import { allowOwnWorkers } from '$lib/client/trusted-types';

/** The page's own host, while this tab is the leader. */
export class HostLink {
  #starting: Promise<Caller<HostMethods>> | undefined;
  readonly #closing = new AbortController();

  /** The running host; starts one when there is none. @throws PaddockError `host_died` when it cannot start */
  connect(): Promise<Caller<HostMethods>> {
    if (this.#starting) return this.#starting;
    // The next request starts another host; a late word of this one's death must not undo that.
    const forget = () => {
      if (this.#starting === starting) this.#starting = undefined;
    };
    const starting = startHost(forget, this.#closing.signal).catch((error: unknown) => {
      forget();
      throw error;
    });
    this.#starting = starting;
    return starting;
  }

  /** Gives the host a port that another tab, or the service worker, has the other end of. */
  async attach(port: MessagePort): Promise<void> {
    const host = await this.connect();
    await host.call('attach', { port }, { transfer: [port] }).result;
  }

  /** Ends the host for good: another tab has taken the lead. What is open fails with `host_died`. */
  close(): void {
    this.#closing.abort();
  }
}

/** Starts a host's worker; `onDeath` is called once, when it has ended. `closing` ends it. */
async function startHost(onDeath: () => void, closing: AbortSignal): Promise<Caller<HostMethods>> {
  if (closing.aborted) throw new PaddockError('host_died', 'Another tab runs the models now.');
  allowOwnWorkers();
  const worker = new Worker(new URL('../../../workers/host/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-host',
  });
  const caller = new Caller<HostMethods>(worker);
  let dead = false;
  // A dead one needs no word: the next one tries everything anyway.
  const online = () => void caller.call('online', null).result.catch(() => {});
  addEventListener('online', online);
  // Of this tab, whichever tab asks: a hidden tab's workers are slowed down, and after minutes frozen, and the workers
  // that run models are this tab's. A hidden tab that only reads what they do slows down nothing.
  const seen = () => void caller.call('visible', !document.hidden).result.catch(() => {});
  addEventListener('visibilitychange', seen);
  const die = (why: string) => {
    if (dead) return;
    dead = true;
    removeEventListener('online', online);
    removeEventListener('visibilitychange', seen);
    caller.fail(new PaddockError('host_died', why));
    worker.terminate();
    onDeath();
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(event.message || 'The host could not be loaded.');
  });
  closing.addEventListener('abort', () => die('Another tab runs the models now.'));
  const lock = newHostLock();
  try {
    await caller.call('start', { siteUrl: siteUrl(), lock, networkOff: isNetworkOff() }).result;
  } catch (error) {
    die('The host did not start.');
    throw error;
  }
  seen();
  // The host holds this lock as long as it lives: to get it means that it is gone.
  void whenFree(lock).then(() => die('The host ended.'));
  return caller;
}
