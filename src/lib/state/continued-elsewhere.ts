import { readMessage } from '$lib/storage/messages';
import type { Turn } from './turn.svelte';

/** Two tabs may ask to continue at once: the second finds more than it knew, and shows that. */
export async function continuedElsewhere(turn: Turn, begun: string): Promise<boolean> {
  // What cannot be read now has not been written by anybody; the next write reports the reason.
  const stored = await readMessage(turn.id).catch(() => null);
  if (!stored || stored.content === begun) return false;
  turn.update(stored.state === 'streaming' ? { ...stored, state: 'cut' } : stored);
  return true;
}
