/** Messages of before conversations were trees: each follows the one before it. */
import type { IDBPObjectStore, StoreNames } from 'idb';
import type { PageSchema } from './schema';

/** The store as a migration has it. */
type Messages = IDBPObjectStore<PageSchema, StoreNames<PageSchema>[], 'messages', 'versionchange'>;

/** Gives every message its parent. Rejects when the transaction does. */
export async function chain(messages: Messages): Promise<void> {
  let before: { conversation: string; id: string } | null = null;
  for (
    let cursor = await messages.index('byConversation').openCursor();
    cursor;
    cursor = await cursor.continue()
  ) {
    const { id, conversationId: conversation } = cursor.value;
    const parentId: string | null = before?.conversation === conversation ? before.id : null;
    await cursor.update({ ...cursor.value, parentId });
    before = { conversation, id };
  }
}
