/** Calls of tools: OpenAI has their arguments as JSON in a string. */
import { isDeeper } from '#core/depth';
import { isObject } from '#core/is-object';
import { badRequest, DEEPEST } from '../body';
import type { NativeToolCall } from './native';

/**
 * An assistant's `tool_calls` as Ollama has them; undefined where there is no list. Names and ids are left to the
 * native route. @throws PaddockError `bad_request`
 */
export function nativeToolCalls(calls: unknown): unknown[] | undefined {
  if (calls === undefined || calls === null) return undefined;
  if (!Array.isArray(calls)) throw badRequest('"tool_calls" must be an array');
  return (calls as unknown[]).map((call) => {
    const called = isObject(call) ? call.function : undefined;
    if (!isObject(call) || !isObject(called)) return call; // the native route says what is wrong
    return { id: call.id, function: { name: called.name, arguments: parse(called.arguments) } };
  });
}

/** Of a function that takes nothing, some clients send an empty string back. */
function parse(text: unknown): Record<string, unknown> {
  if (text === '') return {};
  let value: unknown;
  try {
    value = typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    // said below
  }
  if (isDeeper(value, DEEPEST)) {
    throw badRequest(`the arguments of a tool call are nested over ${DEEPEST} deep`);
  }
  if (isObject(value)) return value;
  throw badRequest('invalid tool call arguments');
}

/** A reply's calls; undefined where there are none. */
export function writeToolCalls(calls: readonly NativeToolCall[] = []) {
  if (calls.length === 0) return undefined;
  return calls.map(({ id, function: { index, name, arguments: args } }) => ({
    id,
    index,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
}
