import { replyLock } from '#core/locks';
import { isHeld } from '$lib/client/held-locks';
import { listMessages, readMessage } from '$lib/storage/messages';
import type { MessageRecord } from '$lib/storage/records';

/**
 * The record as it is now: one that says `streaming` is `cut` unless a tab, which may be this one, holds its
 * lock. @throws PaddockError
 */
export async function liveRecord(record: MessageRecord | null): Promise<MessageRecord | null> {
  if (record?.state !== 'streaming' || (await isHeld(replyLock(record.id)))) return record;
  // The lock falls after the last write: what was read before may be older than that.
  const last = await readMessage(record.id);
  return last?.state === 'streaming' ? { ...last, state: 'cut' } : last;
}

/** Those of a conversation, in their order. @throws PaddockError */
export async function liveRecords(conversationId: string): Promise<MessageRecord[]> {
  const records = await Promise.all((await listMessages(conversationId)).map(liveRecord));
  return records.filter((record) => record !== null);
}
