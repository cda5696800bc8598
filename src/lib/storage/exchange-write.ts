/** Whole chats into the database, each in one transaction: all of it, or nothing. Nothing that is here is changed. */
import type { Chat } from '#core/exchange/chat';
import { announce } from './changes';
import { withDatabase } from './database';
import { toRecords, type ChatRecords } from './exchange-guard';
import { canonical, withNewIds } from './exchange-ids';
import { parseConversation } from './guards';
import { parseMessage } from './message-guard';
import type { AttachmentRecord, MessageRecord } from './records';

/**
 * `new`: it was not here. `completed`: some of its messages were. `here`: all of them were. `copied`: others were here
 * under its ids, so it has new ones.
 */
export type Outcome = 'new' | 'completed' | 'here' | 'copied';

export interface WrittenChat {
  /** Under which it is now. */
  id: string;
  outcome: Outcome;
}

/** Resolves with null where the chat cannot be used. @throws PaddockError, and nothing was written */
export async function writeChat(chat: Chat): Promise<WrittenChat | null> {
  const records = toRecords(chat);
  if (!records || records.messages.length === 0) return null;
  const outcome = await write(records);
  if (outcome) return { id: records.conversation.id, outcome };
  // The same file twice meets its own copy; a copy that somebody changed since is somebody's.
  for (const salt of ['', crypto.randomUUID()]) {
    const copy = await withNewIds(records, salt);
    const written = await write(copy);
    if (!written) continue;
    return { id: copy.conversation.id, outcome: written === 'new' ? 'copied' : written };
  }
  return null;
}

/** Tells the other tabs; once for many, since each reads what it is told. */
export function tellChats(ids: string[]): void {
  if (ids.length > 0) announce({ type: 'conversations', ids });
}

/** Null, and nothing was written: something else has one of its ids. */
function write(records: ChatRecords): Promise<Outcome | null> {
  const { conversation, messages, attachments } = records;
  return withDatabase(async (db) => {
    const transaction = db.transaction(['conversations', 'messages', 'attachments'], 'readwrite');
    const stores = {
      conversations: transaction.objectStore('conversations'),
      messages: transaction.objectStore('messages'),
      attachments: transaction.objectStore('attachments'),
    };
    const [head, said, files] = await Promise.all([
      stores.conversations.get(conversation.id),
      Promise.all(messages.map(({ id }) => stores.messages.get(id))),
      Promise.all(attachments.map(({ id }) => stores.attachments.get(id))),
    ]);
    const stored = parseConversation(head);
    const taken =
      stored?.deletedAt !== undefined ||
      messages.some((one, place) => said[place] && !sameMessage(said[place], one)) ||
      attachments.some((one, place) => files[place] && !sameFile(files[place], one));
    if (taken) return null;
    const missing = messages.filter((_, place) => !said[place]);
    if (stored && missing.length === 0) return 'here';
    const updatedAt = Math.max(stored?.updatedAt ?? 0, conversation.updatedAt);
    await Promise.all([
      stores.conversations.put({ ...(stored ?? conversation), updatedAt }),
      ...missing.map((one) => stores.messages.put(one)),
      ...attachments.map((one, place) => (files[place] ? null : stores.attachments.put(one))),
      transaction.done,
    ]);
    return stored ? 'completed' : 'new';
  });
}

/** Chats made of a branch share their files, and only one of them is their `conversationId`. */
function sameFile(stored: AttachmentRecord, one: AttachmentRecord): boolean {
  const { conversationId } = one;
  return canonical({ ...stored, conversationId }) === canonical(one);
}

/** A reply that nobody writes any more reads as cut. */
function sameMessage(stored: unknown, one: MessageRecord): boolean {
  const parsed = parseMessage(stored);
  if (parsed?.state === 'streaming') parsed.state = 'cut';
  return canonical(parsed) === canonical(one);
}
