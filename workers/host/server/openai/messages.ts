/** OpenAI's messages as Ollama's. */
import { isObject } from '#core/is-object';
import { badRequest } from '../body';
import { imageOf } from './image-url';
import { goType } from './go-type';
import { nativeToolCalls } from './tool-calls';

type Message = Record<string, unknown>;

/** What the native route reads of a message is left to it. @throws PaddockError `bad_request` */
export function nativeMessages(messages: readonly unknown[]): Message[] {
  return messages.map((message) => {
    if (!isObject(message)) throw badRequest('a message must be an object');
    const { role, tool_calls: calls, tool_call_id, name, reasoning } = message;
    const toolCalls = nativeToolCalls(calls);
    return {
      role: role === 'developer' ? 'system' : role,
      ...contentOf(message.content, toolCalls !== undefined),
      ...(toolCalls && { tool_calls: toolCalls }),
      ...(role === 'assistant' && { thinking: reasoning }),
      ...(role === 'tool' && { tool_call_id, tool_name: name }),
    };
  });
}

/**
 * A text, or parts, whose texts are joined by an empty line: as Ollama's templates join the messages that it makes of
 * them, and those of other models refuse two turns of one role.
 */
function contentOf(content: unknown, optional: boolean): { content: string; images?: string[] } {
  if (typeof content === 'string') return { content };
  if (Array.isArray(content)) {
    const parts = (content as unknown[]).map(partOf);
    const texts = parts.flatMap(({ text }) => text ?? []);
    const images = parts.flatMap(({ image }) => image ?? []);
    return { content: texts.join('\n\n'), ...(images.length > 0 && { images }) };
  }
  if (optional && !content) return { content: '' };
  throw badRequest(`invalid message content type: ${goType(content)}`);
}

function partOf(part: unknown): { text?: string; image?: string } {
  const { type, text, image_url } = isObject(part) ? part : {};
  if (type === 'text' && typeof text === 'string') return { text };
  if (type !== 'image_url') throw badRequest('invalid message format');
  return { image: imageOf(image_url) };
}
