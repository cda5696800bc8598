/** Apart from guards.ts: the first page reads no message. */
import { isObject } from '#core/is-object';
import { parseStats, parseWireError } from './guard-details';
import { isTime } from './guards';
import { parseLogprobs, parseToolCalls } from './message-details';
import { splitThought } from './split-thought';
import type { MessageRecord, MessageState } from './records';

const ROLES = ['user', 'assistant', 'tool'] as const satisfies MessageRecord['role'][];

const STATES = ['done', 'streaming', 'stopped', 'cut', 'failed'] as const satisfies MessageState[];

/** The record without what does not belong to it; null when it cannot be used. */
export function parseMessage(value: unknown): MessageRecord | null {
  if (!isObject(value)) return null;
  const { id, conversationId, createdAt, content, state, parentId, attachments } = value;
  if (typeof id !== 'string' || typeof conversationId !== 'string' || !isTime(createdAt)) {
    return null;
  }
  const role = ROLES.find((known) => known === value.role);
  if (!role || typeof content !== 'string') return null;
  const joined = role === 'assistant' && typeof value.thinking !== 'string';
  const thought = joined ? splitThought(content) : null;
  const error = parseWireError(value.error);
  const stats = parseStats(value.stats);
  const toolCalls = parseToolCalls(value.toolCalls);
  const logprobs = parseLogprobs(value.logprobs);
  return {
    id,
    conversationId,
    parentId: typeof parentId === 'string' ? parentId : null,
    createdAt,
    role,
    content: thought?.content ?? content,
    state: STATES.find((known) => known === state) ?? 'cut',
    ...(thought ? { thinking: thought.thinking } : {}),
    ...texts(value, ['model', 'thinking', 'toolCallId', 'toolName', 'format', 'pair']),
    ...(isTime(value.thinkingMs) ? { thinkingMs: value.thinkingMs } : {}),
    ...(isTime(value.toolMs) ? { toolMs: value.toolMs } : {}),
    ...(Array.isArray(attachments) && attachments.every((one) => typeof one === 'string')
      ? { attachments }
      : {}),
    ...(value.edited === true ? { edited: true } : {}),
    ...(value.blind === true ? { blind: true } : {}),
    ...(value.cpu === true ? { cpu: true } : {}),
    ...(toolCalls ? { toolCalls } : {}),
    ...(logprobs ? { logprobs } : {}),
    ...(error ? { error } : {}),
    ...(stats ? { stats } : {}),
  };
}

/** Those of these that are texts. */
function texts<K extends string>(
  value: Record<string, unknown>,
  names: readonly K[],
): Partial<Record<K, string>> {
  const there = names.filter((name) => typeof value[name] === 'string');
  return Object.fromEntries(there.map((name) => [name, value[name]])) as Partial<Record<K, string>>;
}
