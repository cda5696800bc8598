import type { ChatMessage } from '#core/engine';
import type { Turn } from './turn.svelte';

/**
 * What the model is told of a branch whose last message is the reply to come: all that has text. Of thoughts only
 * those that this reply goes on from.
 */
export function historyOf(path: Turn[]): ChatMessage[] {
  const reply = path.at(-1);
  return path
    .filter((turn) => turn.content !== '' || (turn === reply && !turn.empty))
    .map((turn) => {
      const { role, content, thinking } = turn;
      return { role, content, ...(turn === reply && thinking ? { thinking } : {}) };
    });
}
