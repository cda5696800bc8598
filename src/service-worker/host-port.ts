/** A port to the host, kept as long as both ends live; whoever is stopped or dies is asked for anew. */
import { PROTOCOL } from '#core/broker';
import { Caller, type Call } from '#core/caller';
import { PaddockError, toPaddockError } from '#core/errors';
import { newPortLock } from '#core/locks';
import type { FetchChunk, FetchParams, HostPortMethods } from '#core/methods';
import { within } from '#core/within';
import { connectHost } from './broker';

type HostPort = Caller<HostPortMethods>;

/** Milliseconds: a host that has our port and says nothing for so long is frozen, or its tab is. */
const SILENT_MS = 10_000;

/** For the life of this worker, so that the host ends our calls with us. */
const ownLock = newPortLock();
let holding: Promise<void> | undefined;
let kept: Promise<HostPort> | undefined;

/**
 * Hands a request to the host; resolves when the host has seen it. Asks once more when the host died before that:
 * another tab may host by then.
 * @throws PaddockError `no_host` when no tab hosts or the host is silent, `other_version`, `aborted`, `host_died`
 */
export async function callHost(
  params: FetchParams,
  signal: AbortSignal,
): Promise<Call<FetchChunk, void>> {
  for (let again = true; ; again = false) {
    const port = hostPort();
    const call = (await port).call('fetch', params, { signal });
    try {
      await within(SILENT_MS, call.acknowledged, silent);
      return call;
    } catch (error) {
      // A frozen host has it in its mailbox, and would do it for nobody once it thaws.
      void call[Symbol.asyncIterator]().return?.();
      const { code } = toPaddockError(error);
      if (code !== 'aborted') forget(port);
      if (!again || code !== 'host_died') throw error;
    }
  }
}

function hostPort(): Promise<HostPort> {
  if (kept) return kept;
  const opening = open(() => forget(opening));
  opening.catch(() => forget(opening));
  kept = opening;
  return opening;
}

/** The next request asks for another port. */
function forget(port: Promise<HostPort>): void {
  if (kept === port) kept = undefined;
}

/** `onEnd` is called when the host is gone. */
async function open(onEnd: () => void): Promise<HostPort> {
  await (holding ??= holdOwnLock());
  const { port1, port2 } = new MessageChannel();
  const host: HostPort = new Caller(port1);
  let lock: string;
  try {
    if (!(await connectHost(port2))) throw noHost();
    lock = await greet(host);
  } catch (error) {
    port1.close();
    throw error;
  }
  // The host holds this lock for life: to get it means that it is gone.
  void navigator.locks.request(lock, { mode: 'shared' }, () => {
    onEnd();
    port1.close();
    host.fail(
      new PaddockError(
        'host_died',
        'The tab that ran the model closed before the answer was complete. Try again.',
      ),
    );
  });
  return host;
}

/** The host's lock. @throws PaddockError `no_host`, `other_version` */
async function greet(host: HostPort): Promise<string> {
  const hello = host.call('hello', { lock: ownLock });
  const { lock, protocol } = await within(SILENT_MS, hello.result, silent);
  if (protocol === PROTOCOL) return lock;
  throw new PaddockError(
    'other_version',
    'The tab that runs models is of another version of Paddock. Reload it and try again.',
  );
}

function holdOwnLock(): Promise<void> {
  return new Promise((resolve) => {
    void navigator.locks.request(ownLock, () => {
      resolve();
      return new Promise<never>(() => {});
    });
  });
}

function noHost(): PaddockError {
  return new PaddockError(
    'no_host',
    'No tab with Paddock answers. Open Paddock in a tab and try again.',
  );
}

function silent(): never {
  throw noHost();
}
