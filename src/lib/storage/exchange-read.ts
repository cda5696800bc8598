/** Whole chats, and all that a backup has beside them, out of the database. Every function rejects with a PaddockError. */
import type { Chat, ChatFile } from '#core/exchange/chat';
import { withDatabase } from './database';
import { parseFolder } from './exchange-guard';
import { parseConversation } from './guards';
import { parseMessage } from './message-guard';
import { rangeOf } from './message-range';
import type { AttachmentRecord, FolderRecord } from './records';

/** Null where the conversation is not there, or in the trash. */
export async function readChat(id: string): Promise<Chat | null> {
  const read = await withDatabase(async (db) => {
    const transaction = db.transaction(['conversations', 'messages', 'attachments']);
    const [conversation, messages, attachments] = await Promise.all([
      transaction.objectStore('conversations').get(id),
      transaction.objectStore('messages').index('byConversation').getAll(rangeOf(id)),
      transaction.objectStore('attachments').index('byConversation').getAll(id),
    ]);
    // A chat made of a branch names files that came with the one it was made of.
    const store = transaction.objectStore('attachments');
    const own = new Set(attachments.map((one) => one.id));
    const parsed = messages.map(parseMessage).filter((one) => one !== null);
    const named = new Set(parsed.flatMap((one) => one.attachments ?? []));
    const shared = await Promise.all(
      [...named].filter((one) => !own.has(one)).map((one) => store.get(one)),
    );
    return {
      conversation: parseConversation(conversation),
      messages: parsed,
      attachments: [...attachments, ...shared.filter((one) => one !== undefined)],
    };
  });
  const { conversation, messages } = read;
  if (!conversation || conversation.deletedAt !== undefined) return null;
  const files = await Promise.all(
    read.attachments.map((one) => toFile({ ...one, conversationId: id })),
  );
  return { conversation, messages, files };
}

/** A picture that the browser has lost is no reason to lose the chat. */
async function toFile({ image, ...file }: AttachmentRecord): Promise<ChatFile> {
  if (!image) return file;
  try {
    return { ...file, bytes: new Uint8Array(await image.arrayBuffer()) };
  } catch {
    return file;
  }
}

export function listFolders(): Promise<FolderRecord[]> {
  return withDatabase(async (db) =>
    (await db.getAll('folders')).map(parseFolder).filter((one) => one !== null),
  );
}

/** All of a store whose records are small. */
export function readAll(store: 'prompts' | 'votes' | 'drafts'): Promise<object[]> {
  return withDatabase((db) => db.getAll(store));
}
