/** Apart from guards.ts: the first page reads no message. */
import { isObject } from '#core/is-object';
import { parseStats, parseWireError } from './guard-details';
import { isTime } from './guards';
import type { MessageRecord, MessageState } from './records';

const STATES = ['done', 'streaming', 'stopped', 'cut', 'failed'] as const satisfies MessageState[];

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
