/** Calls from the JSON that models write them as. */
import { newCallId } from '#core/call-id';
import type { Tool, ToolCall } from '#core/engine';
import { isObject } from '#core/is-object';

/** The calls of an object or a list of them; undefined where one is none, or of a tool that there is not. */
export function readCalls(json: string, tools: readonly Tool[]): ToolCall[] | undefined {
  const value = parse(json);
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const calls = list.map((one) => readCall(one, tools));
  const valid = calls.length > 0 && calls.every((call) => call !== undefined);
  return valid ? calls : undefined;
}

/** A call whose name stands outside. @param json its arguments */
export function readNamedCall(
  name: string,
  json: string,
  tools: readonly Tool[],
): ToolCall[] | undefined {
  const call = readCall({ name, arguments: parse(json) }, tools);
  return call && [call];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function readCall(value: unknown, tools: readonly Tool[]): ToolCall | undefined {
  if (!isObject(value)) return undefined;
  // `{"type": "function", "function": {…}}`, or the name as the function.
  const called = isObject(value.function) ? value.function : value;
  const name = called.name ?? called.tool_name ?? called.function;
  const tool = tools.find((one) => one.name === name);
  const args = tool && readArguments(called.arguments ?? called.parameters, tool);
  return args && { id: newCallId(), name: tool.name, arguments: args };
}

/** An object, or one written as a text; nothing at all is enough for a tool that takes nothing. */
function readArguments(value: unknown, tool: Tool): Record<string, unknown> | undefined {
  const given = typeof value === 'string' ? parse(value) : value;
  if (isObject(given)) return given;
  const { properties } = tool.parameters;
  const takes = isObject(properties) && Object.keys(properties).length > 0;
  return value === undefined || value === null ? (takes ? undefined : {}) : undefined;
}
