/** Decides how this tab reaches a host: checks the browser, then leads or follows the tab that does. */
import { toPaddockError } from '#core/errors';
import { link, type Role } from '$lib/client/link';

export type Lacking = 'secure-context' | 'locks' | 'workers' | 'indexeddb';

export type DoorState =
  | { type: 'checking' }
  | { type: 'ready'; role: Role }
  /** Another tab leads, and this one cannot reach it. */
  | { type: 'elsewhere' }
  /** Another tab leads, and its build is another one. */
  | { type: 'other-version' }
  | { type: 'unsupported'; lacking: Lacking }
  | { type: 'storage-denied' }
  | { type: 'dead'; message: string };

/** Reports the door's state now and at each change; a tab that leads does so until it closes or freezes. */
export function openDoor(onState: (state: DoorState) => void): void {
  onState({ type: 'checking' });
  const onFailure = (error: unknown) => {
    const { code, message } = toPaddockError(error);
    // The host found neither a file storage nor a database that this site may use.
    onState(code === 'storage_denied' ? { type: 'storage-denied' } : { type: 'dead', message });
  };
  enter(onState, onFailure).catch(onFailure);
}

async function enter(
  onState: (state: DoorState) => void,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const lacking = whatIsLacking();
  if (lacking) return onState({ type: 'unsupported', lacking });

  let leads = false;
  const onRole = (role: Role) => {
    leads = role === 'leader';
    onState({ type: 'ready', role });
  };
  if ((await link.enter({ onRole, onFailure })) === 'leader') return;
  const state = await follow();
  // The lead may have come while the host was looked for, and stays then.
  if (leads) return;
  onState(state);
  if (state.type !== 'elsewhere' || !('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.ready; // it may still come, on a slow line
  const later = await follow();
  if (!leads) onState(later);
}

/** Looks for the host of the tab that leads. */
async function follow(): Promise<DoorState> {
  try {
    await link.connect();
    return { type: 'ready', role: 'follower' };
  } catch (error) {
    const { code, message } = toPaddockError(error);
    if (code === 'no_host') return { type: 'elsewhere' };
    return code === 'other_version' ? { type: 'other-version' } : { type: 'dead', message };
  }
}

/** The first missing thing; a page from an insecure origin lacks most of them for that one reason. */
function whatIsLacking(): Lacking | null {
  if (!isSecureContext) return 'secure-context';
  if (typeof Worker === 'undefined') return 'workers';
  if (!('locks' in navigator)) return 'locks';
  if (typeof indexedDB === 'undefined') return 'indexeddb';
  return null;
}
