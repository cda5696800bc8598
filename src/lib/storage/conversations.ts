/** Conversations and their messages in the page's database. Every function rejects with a PaddockError. */
import { withDatabase } from './database';
import { parseConversation, parseMessage } from './guards';
import type { ConversationRecord, MessageRecord } from './records';

/** All conversations, newest first, deleted ones too; a record that cannot be used is left out. */
export function listConversations(): Promise<ConversationRecord[]> {
  return withDatabase(async (db) => {
    const values: unknown[] = await db.getAllFromIndex('conversations', 'byUpdatedAt');
    return values
      .map(parseConversation)
      .filter((record) => record !== null)
      .reverse();
  });
}

/** The messages of a conversation in their order. */
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

export function putConversation(record: ConversationRecord): Promise<void> {
  return withDatabase(async (db) => {
    await db.put('conversations', record);
  });
}

/** Writes the message, and with it the conversation's new `updatedAt`, in one transaction. */
export function putMessage(message: MessageRecord, conversation?: ConversationRecord) {
  return withDatabase(async (db) => {
    const transaction = db.transaction(['messages', 'conversations'], 'readwrite');
    const writes: Promise<unknown>[] = [transaction.objectStore('messages').put(message)];
    if (conversation) writes.push(transaction.objectStore('conversations').put(conversation));
    await Promise.all([...writes, transaction.done]);
  });
}

export function deleteMessage(id: string): Promise<void> {
  return withDatabase((db) => db.delete('messages', id));
}

/** Removes the conversations and their messages for good, all or none. */
export function purgeConversations(ids: string[]): Promise<void> {
  return withDatabase(async (db) => {
    const transaction = db.transaction(['messages', 'conversations'], 'readwrite');
    const messages = transaction.objectStore('messages');
    for (const id of ids) {
      const keys = await messages.index('byConversation').getAllKeys(rangeOf(id));
      await Promise.all(keys.map((key) => messages.delete(key)));
      await transaction.objectStore('conversations').delete(id);
    }
    await transaction.done;
  });
}

function rangeOf(conversationId: string): IDBKeyRange {
  return IDBKeyRange.bound([conversationId, -Infinity], [conversationId, Infinity]);
}
