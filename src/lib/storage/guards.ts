/** Every value is checked when it is read: an older build, a broken disk or a hand may have written it. */
import type { ConversationRecord } from './records';
import { isObject } from '#core/is-object';

/** The record without what does not belong to it; null when it cannot be used. */
export function parseConversation(value: unknown): ConversationRecord | null {
  if (!isObject(value)) return null;
  const { id, title, createdAt, updatedAt, deletedAt } = value;
  if (typeof id !== 'string' || !isTime(createdAt)) return null;
  return {
    id,
    title: typeof title === 'string' && title.trim() !== '' ? title : 'Untitled chat',
    createdAt,
    updatedAt: isTime(updatedAt) ? updatedAt : createdAt,
    ...(isTime(deletedAt) ? { deletedAt } : {}),
  };
}

/** Milliseconds since the epoch, as far as one can tell. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
