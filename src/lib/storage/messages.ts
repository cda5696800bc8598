/**
 * The messages of one conversation in the page's database: what an open chat needs, and the first page does not.
 * Every function rejects with a PaddockError.
 */
import { withDatabase } from './database';
import { parseMessage } from './message-guard';
import { rangeOf } from './message-range';
import type { MessageRecord } from './records';

/** The messages of a conversation in their order: by time, then by id. */
export function listMessages(conversationId: string): Promise<MessageRecord[]> {
  return withDatabase(async (db) => {
    const values: unknown[] = await db.getAllFromIndex(
      'messages',
      'byConversation',
      rangeOf(conversationId),
    );
    return values.map(parseMessage).filter((record) => record !== null);
  });
}

/** Null when it is not there, or cannot be used. */
export function readMessage(id: string): Promise<MessageRecord | null> {
  return withDatabase(async (db) => parseMessage(await db.get('messages', id)));
}
