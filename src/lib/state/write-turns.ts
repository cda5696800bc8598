import type { MessageWrite } from '$lib/storage/conversations';
import { conversations } from './conversations.svelte';
import type { Draft } from './draft.svelte';
import type { Turns } from './turns.svelte';

/**
 * Writes messages of a conversation, and with them the draft that they were made of. Resolves with the ids of those
 * that another tab has removed, and that were not written. @throws PaddockError
 */
export async function writeTurns(
  id: string,
  write: MessageWrite,
  turns: Turns,
  draft: Draft,
): Promise<string[]> {
  const own = (write.put ?? []).flatMap((one) => turns.find(one.id) ?? []);
  const known = own.filter(({ stored }) => stored).map((turn) => turn.id);
  const gone = await draft.along((drafts) =>
    conversations.saveMessages(id, { ...write, known, drafts }),
  );
  own.forEach((turn) => (turn.stored = true));
  return gone;
}
