/** Every value is checked when it is read: an older build, a broken disk or a hand may have written it. */
import { isObject } from '#core/is-object';
import type { ConversationRecord } from './records';
import { parseSetup } from './setup-guard';

/** The record without what does not belong to it; null when it cannot be used. */
export function parseConversation(value: unknown): ConversationRecord | null {
  if (!isObject(value)) return null;
  const { id, title, createdAt, updatedAt, deletedAt, titledBy, leaf, folder } = value;
  if (typeof id !== 'string' || !isTime(createdAt)) return null;
  return {
    id,
    title: typeof title === 'string' && title.trim() !== '' ? title : 'Untitled chat',
    createdAt,
    updatedAt: isTime(updatedAt) ? updatedAt : createdAt,
    ...(isTime(deletedAt) ? { deletedAt } : {}),
    ...(titledBy === 'person' || titledBy === 'model' ? { titledBy } : {}),
    ...(typeof leaf === 'string' ? { leaf } : {}),
    ...(value.pinned === true ? { pinned: true } : {}),
    ...(typeof folder === 'string' ? { folder } : {}),
    ...(isObject(value.setup) ? { setup: parseSetup(value.setup) } : {}),
  };
}

/** Milliseconds since the epoch, as far as one can tell. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
