import { replyLock } from '#core/locks';
import { whenFree } from '$lib/client/held-locks';
import type { Turn } from './turn.svelte';

/**
 * Waits for the end of what another tab writes into `turn`: its lock falls when that has ended, or the tab. Resolves
 * with false where somebody waits already.
 */
export async function followed(turn: Turn): Promise<boolean> {
  if (turn.followed) return false;
  turn.followed = true;
  await whenFree(replyLock(turn.id));
  turn.followed = false;
  return true;
}
