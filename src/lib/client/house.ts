/** Who leads and which host lives, as the Web Locks tell: whoever is gone holds none. */
import { HOST_LOCK, LEADER_LOCK } from '#core/locks';

export interface House {
  /** The browser's id of the tab that leads. */
  leader: string | undefined;
  /** The lock of the host that answers; none while it starts. */
  host: string | undefined;
}

export async function lookAtHouse(): Promise<House> {
  const { held = [] } = await navigator.locks.query();
  const leader = held.find(({ name }) => name === LEADER_LOCK);
  // Those who wait for a host's end hold its lock for a moment too, but they share it.
  const host = held.find(({ name, mode }) => mode === 'exclusive' && name?.startsWith(HOST_LOCK));
  return { leader: leader?.clientId, host: host?.name };
}

/** True while neither the tab nor its host has changed. */
export function sameHouse(a: House, b: House): boolean {
  return a.leader === b.leader && a.host === b.host;
}
