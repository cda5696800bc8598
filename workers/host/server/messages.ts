import type { ChatMessage } from '#core/engine';
import { badRequest } from './body';

const ROLES = new Set(['system', 'user', 'assistant', 'tool']);

/** The request's `messages`, roles in lower case; an absent list is an empty one. */
export function parseMessages(value: unknown): ChatMessage[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest('"messages" must be an array');
  return (value as unknown[]).map(parseMessage);
}

function parseMessage(value: unknown): ChatMessage {
  if (typeof value !== 'object' || value === null) throw badRequest('a message must be an object');
  const { role, content, images } = value as Record<string, unknown>;
  const lower = typeof role === 'string' ? role.toLowerCase() : '';
  if (!ROLES.has(lower)) {
    throw badRequest('message role must be one of "system", "user", "assistant", or "tool"');
  }
  if (content !== undefined && content !== null && typeof content !== 'string') {
    throw badRequest('message content must be a string');
  }
  if (Array.isArray(images) && images.length > 0) {
    throw badRequest('this model does not support images');
  }
  return { role: lower as ChatMessage['role'], content: content ?? '' };
}
