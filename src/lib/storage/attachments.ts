/** Files of messages in the page's database. Every function rejects with a PaddockError. */
import { isEncoding } from '#core/attachments/encoding';
import { isObject } from '#core/is-object';
import { withDatabase } from './database';
import { isTime } from './guards';
import type { AttachmentRecord } from './records';

const KINDS = ['text', 'pdf', 'image'] as const satisfies AttachmentRecord['kind'][];

export async function putAttachment(record: AttachmentRecord): Promise<void> {
  await withDatabase((db) => db.put('attachments', record));
}

/** Those of these that are there, in their order. */
export function readAttachments(ids: readonly string[]): Promise<AttachmentRecord[]> {
  return withDatabase(async (db) => {
    const { store } = db.transaction('attachments');
    const values: unknown[] = await Promise.all(ids.map((id) => store.get(id)));
    return values.map(parseAttachment).filter((record) => record !== null);
  });
}

/** Says whose they are: a chat that had no message has its first. */
export async function adoptAttachments(ids: readonly string[], conversationId: string) {
  await withDatabase(async (db) => {
    const { store, done } = db.transaction('attachments', 'readwrite');
    for (const id of ids) {
      const record = await store.get(id);
      if (record?.conversationId === '') await store.put({ ...record, conversationId });
    }
    await done;
  });
}

/** Removes those of these that no message and no draft names: chats made of a branch share theirs. */
export async function deleteOrphans(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await withDatabase(async (db) => {
    const transaction = db.transaction(['attachments', 'messages', 'drafts'], 'readwrite');
    const orphans = new Set(ids);
    const keep = (named: unknown) => {
      if (Array.isArray(named)) for (const id of named as unknown[]) orphans.delete(id as string);
    };
    for (const draft of (await transaction.objectStore('drafts').getAll()) as unknown[]) {
      if (!isObject(draft)) continue;
      keep(draft.attachments);
      for (const one of Array.isArray(draft.queue) ? (draft.queue as unknown[]) : []) {
        if (isObject(one)) keep(one.attachments);
      }
    }
    let cursor = orphans.size > 0 ? await transaction.objectStore('messages').openCursor() : null;
    for (; cursor && orphans.size > 0; cursor = await cursor.continue()) {
      keep(cursor.value.attachments);
    }
    const store = transaction.objectStore('attachments');
    await Promise.all([...orphans].map((id) => store.delete(id)));
    await transaction.done;
  });
}

/** Ids of those that were added before this time. */
export function attachmentsBefore(time: number): Promise<string[]> {
  return withDatabase(async (db) => {
    const found: string[] = [];
    let cursor = await db.transaction('attachments').store.openCursor();
    for (; cursor; cursor = await cursor.continue()) {
      if (cursor.value.createdAt < time) found.push(cursor.value.id);
    }
    return found;
  });
}

/** The record without what does not belong to it; null when it cannot be used. */
export function parseAttachment(value: unknown): AttachmentRecord | null {
  if (!isObject(value)) return null;
  const { id, conversationId, name, type, size, createdAt, text, pages, image, encoding } = value;
  const kind = KINDS.find((known) => known === value.kind);
  if (typeof id !== 'string' || typeof name !== 'string' || !kind) return null;
  const hasContent = kind === 'image' ? image instanceof Blob : typeof text === 'string';
  if (!hasContent) return null;
  return {
    ...{ id, name, kind, conversationId: typeof conversationId === 'string' ? conversationId : '' },
    type: typeof type === 'string' ? type : '',
    size: isTime(size) ? size : 0,
    createdAt: isTime(createdAt) ? createdAt : 0,
    ...(typeof text === 'string' ? { text } : {}),
    ...(isEncoding(encoding) ? { encoding } : {}),
    ...(isTime(pages) ? { pages } : {}),
    ...(image instanceof Blob ? { image } : {}),
    ...(isTime(value.width) ? { width: value.width } : {}),
    ...(isTime(value.height) ? { height: value.height } : {}),
  };
}
