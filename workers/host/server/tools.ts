/** Tools and their calls between Ollama's spelling and the engines'. */
import { newCallId } from '#core/call-id';
import type { Tool, ToolCall } from '#core/engine';
import { isObject } from '#core/is-object';
import { badRequest, brief, type Body } from './body';

/** Of a function that takes nothing. */
const NO_PARAMETERS = { type: 'object', properties: {} };

type Given = Record<string, unknown>;

/**
 * The request's `tools`, of which nothing is known but that they are objects; what they lack is of interest once the
 * model is known to call any. Undefined where there are none. @throws PaddockError `bad_request`
 */
export function readTools({ tools }: Body): Given[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw badRequest('"tools" must be an array');
  const list: unknown[] = tools;
  const given = list.map((one, at) => {
    if (!isObject(one)) throw badRequest(`tool ${at + 1}: it must be an object`);
    return one;
  });
  return given.length > 0 ? given : undefined;
}

/** @throws PaddockError `bad_request` */
export function parseTool(value: Given, at: number): Tool {
  const wrong = (what: string) => badRequest(`tool ${at + 1}: ${what}`);
  const { type = 'function', function: called } = value;
  if (type !== 'function') throw wrong('"type" must be "function"');
  if (!isObject(called)) throw wrong('"function" must be an object');
  const { name, description, parameters } = called;
  if (typeof name !== 'string' || name === '') throw wrong('"function.name" must be a string');
  if (description !== undefined && description !== null && typeof description !== 'string') {
    throw wrong('"function.description" must be a string');
  }
  const schema = parameters ?? NO_PARAMETERS;
  if (!isSchema(schema)) throw wrong('"function.parameters" must be a JSON Schema of an object');
  return { name, ...(description && { description }), parameters: schema };
}

/** Its outer shape; what stands in a property is between the caller and the model. */
function isSchema(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const { type, properties, required } = value;
  return (
    (type === undefined || type === 'object') &&
    (properties === undefined || properties === null || isObject(properties)) &&
    (required === undefined ||
      required === null ||
      (Array.isArray(required) && required.every((name) => typeof name === 'string')))
  );
}

/** An assistant's `tool_calls`; undefined where there are none. @throws PaddockError `bad_request` */
export function parseToolCalls(value: unknown): ToolCall[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw badRequest('"tool_calls" must be an array');
  return value.length > 0 ? (value as unknown[]).map(parseToolCall) : undefined;
}

function parseToolCall(value: unknown): ToolCall {
  const called = isObject(value) ? value.function : undefined;
  if (!isObject(value) || !isObject(called)) {
    throw badRequest('a tool call must have a "function" object');
  }
  const { name, arguments: given } = called;
  if (typeof name !== 'string' || name === '') {
    throw badRequest('"function.name" of a tool call must be a string');
  }
  const args = given ?? {};
  if (!isObject(args)) {
    throw badRequest(`the arguments of "${brief(name)}" must be an object`);
  }
  // Ollama's own client sends calls back without.
  const id = typeof value.id === 'string' && value.id !== '' ? value.id : newCallId();
  return { id, name, arguments: args };
}

/** As a reply has them; `from`: how many came before in it. */
export function writeToolCalls(calls: readonly ToolCall[], from = 0): Record<string, unknown>[] {
  return calls.map(({ id, name, arguments: args }, at) => ({
    id,
    function: { index: from + at, name, arguments: args },
  }));
}
