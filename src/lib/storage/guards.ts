/** Every value is checked when it is read: an older build, a broken disk or a hand may have written it. */
import { parseStats, parseWireError } from './guard-details';
import type { ConversationRecord, MessageRecord, MessageState } from './records';
import { isObject } from '#core/is-object';

const STATES = ['done', 'streaming', 'stopped', 'cut', 'failed'] as const satisfies MessageState[];

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

/** The record without what does not belong to it; null when it cannot be used. */
export function parseMessage(value: unknown): MessageRecord | null {
  if (!isObject(value)) return null;
  const { id, conversationId, createdAt, role, content, state } = value;
  if (typeof id !== 'string' || typeof conversationId !== 'string' || !isTime(createdAt)) {
    return null;
  }
  if ((role !== 'user' && role !== 'assistant') || typeof content !== 'string') return null;
  const error = parseWireError(value.error);
  const stats = parseStats(value.stats);
  return {
    id,
    conversationId,
    createdAt,
    role,
    content,
    state: STATES.find((known) => known === state) ?? 'cut',
    ...(typeof value.model === 'string' ? { model: value.model } : {}),
    ...(value.cpu === true ? { cpu: true } : {}),
    ...(error ? { error } : {}),
    ...(stats ? { stats } : {}),
  };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
