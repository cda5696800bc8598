import { replyLock } from '#core/locks';
import { whenFree } from '$lib/client/held-locks';
import type { Turn } from './turn.svelte';

/**
 * Calls `ended` when another tab writes `turn` no more: its lock falls when the reply has ended, or the tab. Does
 * nothing where somebody waits already.
 */
export async function follow(turn: Turn, ended: () => Promise<void>): Promise<void> {
  if (turn.followed) return;
  turn.followed = true;
  await whenFree(replyLock(turn.id));
  turn.followed = false;
  await ended();
}
