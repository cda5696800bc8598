/** Decides whether this tab may host: checks the browser, then queues for the leader's lock. */
import { LEADER_LOCK } from '#core/locks';
import { answerBroker } from '$lib/client/hosting';
import { link } from '$lib/client/link';

export type Lacking = 'secure-context' | 'opfs' | 'locks' | 'workers' | 'indexeddb';

export type DoorState =
  | { type: 'checking' }
  | { type: 'ready' }
  | { type: 'elsewhere' }
  | { type: 'unsupported'; lacking: Lacking }
  | { type: 'storage-denied' }
  | { type: 'dead'; message: string };

/** Reports the door's state now and at each change; this tab keeps the lead until it closes. */
export function openDoor(onState: (state: DoorState) => void): void {
  onState({ type: 'checking' });
  enter(onState).catch((error: unknown) => {
    onState({ type: 'dead', message: error instanceof Error ? error.message : String(error) });
  });
}

async function enter(onState: (state: DoorState) => void): Promise<void> {
  const lacking = whatIsLacking();
  if (lacking) return onState({ type: 'unsupported', lacking });
  if (await storageDenied()) return onState({ type: 'storage-denied' });

  const lead = async () => {
    await link.connect();
    answerBroker(link);
    onState({ type: 'ready' });
    await new Promise(() => {}); // the lock is held until the tab closes
  };
  await navigator.locks.request(LEADER_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await lead();
  });
  onState({ type: 'elsewhere' });
  await navigator.locks.request(LEADER_LOCK, lead);
}

/** The first missing thing; a page from an insecure origin lacks most of them for that one reason. */
function whatIsLacking(): Lacking | null {
  if (!isSecureContext) return 'secure-context';
  if (typeof Worker === 'undefined') return 'workers';
  if (!('locks' in navigator)) return 'locks';
  if (typeof indexedDB === 'undefined') return 'indexeddb';
  if (!('getDirectory' in (navigator.storage ?? {}))) return 'opfs';
  return null;
}

/** True where the browser refuses this site its storage: blocked cookies, some private windows. */
async function storageDenied(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return false;
  } catch {
    return true;
  }
}
