import type { ChatMessage } from '#core/engine';
import type { Turn } from './turn.svelte';

/** A message, and the ids of its files. */
export type HistoryMessage = ChatMessage & { files?: string[] };

/**
 * What the model is told of a branch whose last message is the reply to come: all that has text or files. Of thoughts
 * only those that this reply goes on from.
 */
export function historyOf(path: Turn[]): HistoryMessage[] {
  const reply = path.at(-1);
  return path
    .filter((turn) => turn.content !== '' || turn.attachments || (turn === reply && !turn.empty))
    .map((turn) => {
      const { role, content, thinking, attachments: files } = turn;
      const rest = turn === reply && thinking ? { thinking } : {};
      return { role, content, ...rest, ...(files ? { files } : {}) };
    });
}
