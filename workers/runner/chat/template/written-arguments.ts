/** The arguments of calls, for templates that write them with `+`: they expect a text where others go through them. */
import type { Value } from './value-size';

/** @param messages the list as a template sees it */
export function writeArguments(messages: Value): void {
  for (const message of listOf(messages)) {
    for (const call of listOf(entryOf(message, 'tool_calls'))) {
      const given = entryOf(entryOf(call, 'function'), 'arguments');
      // The library joins what is in the value, and a Map would be "[object Map]".
      if (given?.value instanceof Map) given.value.toString = () => given.toString();
    }
  }
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value?.value) ? value.value : [];
}

function entryOf(value: Value | undefined, key: string): Value | undefined {
  return value?.value instanceof Map ? value.value.get(key) : undefined;
}
