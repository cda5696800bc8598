/** The host of another tab: a port to it, brokered by the service worker, and the lock that tells its end. */
import { PROTOCOL, type ToServiceWorker } from '#core/broker';
import { Caller, type Call, type CallOptions } from '#core/caller';
import { PaddockError } from '#core/errors';
import { newPortLock } from '#core/locks';
import type { HostPortMethods, HostRequests } from '#core/methods';
import { hold, whenFree } from './held-locks';
import { isSilent } from './silence';

/** The service worker looks for the host for so long. */
const HELLO_MS = 5000;

/** A host that does not acknowledge a call for so long does not run. */
const ACK_MS = 2000;

/** A first registration, on a slow line perhaps; or a start, which a busy machine may put off. */
const WORKER_MS = 10_000;

export class RemoteHost {
  /** The name of the lock that the host holds for life. */
  readonly lock: string;
  /** Resolves when the host is gone; every call has failed with `host_died` then. */
  readonly ended: Promise<void>;
  /** Gives the port back; the host ends what was asked for over it. */
  readonly close: () => void;
  readonly #caller: Caller<HostPortMethods>;
  readonly #onSilent: (host: RemoteHost) => void;

  private constructor(
    caller: Caller<HostPortMethods>,
    lock: string,
    close: () => void,
    onSilent: (host: RemoteHost) => void,
  ) {
    this.lock = lock;
    this.close = close;
    this.#caller = caller;
    this.#onSilent = onSilent;
    this.ended = whenFree(lock).then(() => {
      caller.fail(new PaddockError('host_died', 'The host ended.'));
      close();
    });
  }

  /**
   * A port to whichever tab hosts; null when none answers. `onSilent` is called when the host, asked for
   * something, answers nothing any more.
   * @throws PaddockError `no_host` where there is no service worker, or it is silent; `other_version`
   */
  static async find(onSilent: (host: RemoteHost) => void): Promise<RemoteHost | null> {
    const broker = await serviceWorker();
    const lock = newPortLock();
    const release = await hold(lock);
    const { port1, port2 } = new MessageChannel();
    const close = () => {
      port1.close();
      release();
    };
    const asked = new Promise((resolve) => {
      port1.addEventListener('message', resolve, { once: true });
    });
    const message: ToServiceWorker = { type: 'connect-host' };
    broker.postMessage(message, [port2]);
    const caller = new Caller<HostPortMethods>(port1);
    const hello = caller.call('hello', { lock }).result;
    if (await isSilent(asked, WORKER_MS)) {
      close(); // nobody has asked the host: it may be well
      throw new PaddockError('no_host', 'The service worker does not answer.');
    }
    if (await isSilent(hello, HELLO_MS)) {
      close();
      return null;
    }
    const answer = await hello;
    if (answer.protocol !== PROTOCOL) {
      close();
      throw new PaddockError('other_version', 'The tab that hosts is of another build.');
    }
    return new RemoteHost(caller, answer.lock, close, onSilent);
  }

  call<K extends keyof HostRequests>(
    method: K,
    params: HostRequests[K]['params'],
    options?: CallOptions,
  ): Call<HostRequests[K]['chunk'], HostRequests[K]['result']> {
    const call = this.#caller.call(method, params, options);
    void this.#watch(call);
    return call;
  }

  /**
   * After the call's own acknowledgement, and until it ends, the host is greeted every two seconds: a frozen
   * one keeps its lock, and a stream that is silent may only be reading a long prompt.
   */
  async #watch(call: Call<unknown, unknown>): Promise<void> {
    let { acknowledged } = call;
    while (!(await isSilent(acknowledged, ACK_MS))) {
      if (!(await isSilent(call.result, ACK_MS))) return;
      ({ acknowledged } = this.#caller.call('hello', null));
    }
    this.#onSilent(this);
  }
}

/** The one that controls this page, or after a forced reload the one that would. */
async function serviceWorker(): Promise<ServiceWorker> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (container?.controller) return container.controller;
  const active = container?.ready.then((registration) => registration.active);
  const found = active && !(await isSilent(active, WORKER_MS)) ? await active : null;
  if (!found) throw new PaddockError('no_host', 'There is no service worker to ask for the host.');
  return found;
}
