/** What is written and not sent, in the page's database. Every function rejects with a PaddockError. */
import { isObject } from '#core/is-object';
import { withDatabase } from './database';
import { isTime } from './guards';
import type { DraftRecord, EditedMessage, WaitingMessage } from './records';

/** Null when there is none, or it cannot be used. */
export function readDraft(id: string): Promise<DraftRecord | null> {
  return withDatabase(async (db) => parseDraft(await db.get('drafts', id)));
}

export async function putDraft(record: DraftRecord): Promise<void> {
  await withDatabase((db) => db.put('drafts', record));
}

export async function deleteDraft(id: string): Promise<void> {
  await withDatabase((db) => db.delete('drafts', id));
}

/** The record without what does not belong to it; null when it cannot be used. */
export function parseDraft(value: unknown): DraftRecord | null {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.text !== 'string') {
    return null;
  }
  const { id, text, attachments, queue, updatedAt } = value;
  const editing = parseEdited(value.editing);
  return {
    ...{ id, text, attachments: textsOf(attachments) },
    queue: Array.isArray(queue) ? queue.map(parseWaiting).filter((one) => one !== null) : [],
    ...(editing && { editing }),
    updatedAt: isTime(updatedAt) ? updatedAt : 0,
  };
}

function parseEdited(value: unknown): EditedMessage | null {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.text !== 'string') {
    return null;
  }
  return { id: value.id, text: value.text };
}

function parseWaiting(value: unknown): WaitingMessage | null {
  if (!isObject(value) || typeof value.text !== 'string') return null;
  return { text: value.text, attachments: textsOf(value.attachments) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
