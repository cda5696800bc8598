/**
 * Conversations in the page's database, and what is written of their messages with them; messages.ts reads those.
 * Every function rejects with a PaddockError. What is written is told to the other tabs; a change is laid over what
 * is stored, which another tab may have changed.
 */
import { announce } from './changes';
import { withDatabase } from './database';
import { parseConversation } from './guards';
import { rangeOf } from './message-range';
import type { ConversationRecord, DraftRecord, MessageRecord } from './records';

/** What is written of the messages of one conversation, in one transaction. */
export interface MessageWrite {
  put?: MessageRecord[];
  /** Ids. */
  remove?: string[];
  /** The end of the branch that is shown from now on; absent: as it is stored. */
  leaf?: string;
  /** Ids of those in `put` that were in storage before: one that another tab has removed meanwhile stays away. */
  known?: string[];
  /** Written with them, so that what is sent stands in one place; one that holds nothing is removed. */
  drafts?: DraftRecord[];
}

/** What may change in a conversation; `undefined` takes a field away: `deletedAt: undefined` brings it back. */
export type ConversationChange = Partial<
  Pick<
    ConversationRecord,
    'title' | 'titledBy' | 'deletedAt' | 'leaf' | 'setup' | 'pinned' | 'folder'
  >
>;

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

/** Those of these conversations that are there. */
export function readConversations(ids: string[]): Promise<ConversationRecord[]> {
  return withDatabase(async (db) => {
    const { store } = db.transaction('conversations');
    const values: unknown[] = await Promise.all(ids.map((id) => store.get(id)));
    return values.map(parseConversation).filter((record) => record !== null);
  });
}

/**
 * Changes a stored conversation; one that is not there is written as `otherwise`. Resolves with false when
 * there is neither: another tab removed it.
 */
export async function changeConversation(
  id: string,
  change: ConversationChange,
  otherwise?: ConversationRecord,
): Promise<boolean> {
  const written = await withDatabase(async (db) => {
    const transaction = db.transaction('conversations', 'readwrite');
    const before = parseConversation(await transaction.store.get(id)) ?? otherwise;
    if (before) await transaction.store.put(withChange(before, change));
    await transaction.done;
    return before !== undefined;
  });
  if (written) announce({ type: 'conversations', ids: [id] });
  return written;
}

/** The record with `change`; what is taken away leaves no trace. */
export function withChange(
  record: ConversationRecord,
  change: ConversationChange,
): ConversationRecord {
  const changed = { ...record, ...change };
  for (const field of ['deletedAt', 'pinned', 'folder'] as const) {
    if (changed[field] === undefined) delete changed[field];
  }
  return changed;
}

/**
 * Writes messages, and with them the conversation's new `updatedAt`, in one transaction. Resolves with the ids of
 * those that were left out, see `known`; with null, and nothing is written, when the conversation is neither there
 * nor new: another tab removed it.
 */
export async function writeMessages(
  { put = [], remove = [], leaf, known = [], drafts = [] }: MessageWrite,
  conversation: ConversationRecord,
  isNew: boolean,
): Promise<string[] | null> {
  const { id } = conversation;
  const gone = await withDatabase(async (db) => {
    const stores = ['messages', 'conversations', 'drafts'] as const;
    const transaction = db.transaction(stores, 'readwrite');
    const conversations = transaction.objectStore('conversations');
    const messages = transaction.objectStore('messages');
    const unsent = transaction.objectStore('drafts');
    const stored = parseConversation(await conversations.get(id));
    if (!stored && !isNew) return null;
    const there = await Promise.all(known.map((message) => messages.getKey(message)));
    const lost = known.filter((_, place) => there[place] === undefined);
    const written = put.filter((message) => !lost.includes(message.id));
    const updatedAt = Math.max(conversation.updatedAt, stored?.updatedAt ?? 0);
    const shown = leaf === undefined || lost.includes(leaf) ? {} : { leaf };
    await Promise.all([
      ...written.map((message) => messages.put(message)),
      ...remove.map((message) => messages.delete(message)),
      ...drafts.map((draft) => (isEmptyDraft(draft) ? unsent.delete(draft.id) : unsent.put(draft))),
      conversations.put({ ...(stored ?? conversation), updatedAt, ...shown }),
      transaction.done,
    ]);
    return lost;
  });
  if (!gone) return null;
  const ids = [...put.map((message) => message.id), ...remove];
  if (ids.length === 1) announce({ type: 'message', conversation: id, id: ids[0]! });
  else announce({ type: 'messages', conversation: id });
  return gone;
}

/** Whether it holds nothing that somebody wrote. */
export function isEmptyDraft({ text, attachments, queue, editing }: Omit<DraftRecord, 'id'>) {
  return text === '' && attachments.length === 0 && queue.length === 0 && !editing;
}

/** Removes the conversations, their messages and drafts for good, all or none. */
export function purgeConversations(ids: string[]): Promise<void> {
  return purge(ids, () => true);
}

/**
 * As `purgeConversations`, but leaves those that are not deleted, or were after `until`: another tab brought
 * them back.
 */
export function purgeDeleted(ids: string[], until = Infinity): Promise<void> {
  return purge(ids, (record) => record?.deletedAt !== undefined && record.deletedAt <= until);
}

async function purge(
  ids: string[],
  wanted: (record: ConversationRecord | null) => boolean,
): Promise<void> {
  const files: string[] = [];
  await withDatabase(async (db) => {
    const stores = ['messages', 'conversations', 'drafts', 'attachments'] as const;
    const transaction = db.transaction(stores, 'readwrite');
    const messages = transaction.objectStore('messages');
    const conversations = transaction.objectStore('conversations');
    for (const id of ids) {
      if (!wanted(parseConversation(await conversations.get(id)))) continue;
      const keys = await messages.index('byConversation').getAllKeys(rangeOf(id));
      await Promise.all(keys.map((key) => messages.delete(key)));
      const own = transaction.objectStore('attachments').index('byConversation');
      files.push(...(await own.getAllKeys(id)));
      await transaction.objectStore('drafts').delete(id);
      await conversations.delete(id);
    }
    await transaction.done;
  });
  announce({ type: 'conversations', ids });
  if (files.length === 0) return;
  // At need: the first page removes no files.
  await (await import('./attachments')).deleteOrphans(files);
}
