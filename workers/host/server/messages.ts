import type { ChatMessage } from '#core/engine';
import { isObject } from '#core/is-object';
import { badRequest } from './body';
import { parseImages } from './images';
import { parseToolCalls, writeToolCalls } from './tools';

const ROLES = new Set(['system', 'user', 'assistant', 'tool']);

/**
 * The request's `messages`, roles in lower case; an absent list is an empty one. A tool's message that names a call
 * and not its tool gets the tool's name.
 * @throws PaddockError `bad_request`, `too_large`
 */
export function parseMessages(value: unknown): ChatMessage[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest('"messages" must be an array');
  /** Tools' names by the ids of calls, the last of those that are the same. */
  const called = new Map<string, string>();
  return (value as unknown[]).map((one) => {
    const message = parseMessage(one, called);
    for (const { id, name } of message.toolCalls ?? []) called.set(id, name);
    return message;
  });
}

function parseMessage(value: unknown, called: ReadonlyMap<string, string>): ChatMessage {
  if (!isObject(value)) throw badRequest('a message must be an object');
  const role = typeof value.role === 'string' ? value.role.toLowerCase() : '';
  if (!ROLES.has(role)) {
    throw badRequest('message role must be one of "system", "user", "assistant", or "tool"');
  }
  const toolCalls = parseToolCalls(value.tool_calls);
  const images = parseImages(value.images);
  const thinking = stringOf(value, 'thinking');
  const call = stringOf(value, 'tool_call_id');
  const toolName = stringOf(value, 'tool_name') || (call && called.get(call));
  return {
    role: role as ChatMessage['role'],
    content: stringOf(value, 'content'),
    ...(images && { images }),
    ...(thinking && role === 'assistant' && { thinking }),
    ...(toolCalls && role === 'assistant' && { toolCalls }),
    ...(toolName && role === 'tool' && { toolName }),
  };
}

function stringOf(message: Record<string, unknown>, key: string): string {
  const value = message[key] ?? '';
  if (typeof value !== 'string') throw badRequest(`message ${key} must be a string`);
  return value;
}

/** In Ollama's spelling, without its images: as a model keeps it, and `show` tells it. */
export function writeMessage({ role, content, toolCalls, toolName }: ChatMessage) {
  return {
    role,
    content,
    ...(toolCalls && { tool_calls: writeToolCalls(toolCalls) }),
    ...(toolName && { tool_name: toolName }),
  };
}
