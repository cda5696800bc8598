/** Calls of tools and probabilities of a stored message; null where they cannot be used. */
import type { Logprob, TokenLogprob } from '#core/engine';
import { isObject } from '#core/is-object';
import type { ToolCallRecord } from './records';

export function parseToolCalls(value: unknown): ToolCallRecord[] | null {
  if (!Array.isArray(value)) return null;
  const calls = value.map(parseToolCall);
  return calls.every((one) => one !== null) ? calls : null;
}

function parseToolCall(value: unknown): ToolCallRecord | null {
  if (!isObject(value) || !isObject(value.arguments)) return null;
  const { id, name, answer } = value;
  if (typeof id !== 'string' || typeof name !== 'string') return null;
  return {
    ...{ id, name, arguments: value.arguments },
    ...(answer === 'allowed' || answer === 'refused' ? { answer } : {}),
  };
}

export function parseLogprobs(value: unknown): TokenLogprob[] | null {
  if (!Array.isArray(value)) return null;
  const usable = value.every(
    (one) => isLogprob(one) && Array.isArray(one.top_logprobs) && one.top_logprobs.every(isLogprob),
  );
  return usable ? (value as TokenLogprob[]) : null;
}

function isLogprob(value: unknown): value is Logprob & Record<string, unknown> {
  return (
    isObject(value) &&
    typeof value.token === 'string' &&
    typeof value.logprob === 'number' &&
    Array.isArray(value.bytes) &&
    value.bytes.every((byte) => typeof byte === 'number')
  );
}
