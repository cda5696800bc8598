/**
 * Ollama's truncation of a chat: while the prompt is longer than the context, the oldest messages go; system
 * messages and the last message stay. The engine does the counting: it refuses a long prompt at once.
 */
import type { ChatMessage, ChatParams, EngineChunk } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { LeasedRunner } from '../scheduler/leased-runner';

export async function* runTruncated(
  runner: Pick<LeasedRunner, 'generate'>,
  params: ChatParams,
  truncate: boolean,
  signal: AbortSignal,
): AsyncGenerator<EngineChunk, void, void> {
  let { messages } = params;
  for (;;) {
    try {
      yield* runner.generate('chat', { ...params, messages }, signal);
      return;
    } catch (error) {
      const shorter = truncate && isTooLong(error) ? shorten(messages, error) : null;
      if (!shorter) throw error;
      messages = shorter;
    }
  }
}

function isTooLong(error: unknown): error is PaddockError {
  return error instanceof PaddockError && error.code === 'context_exceeded';
}

/**
 * Without the oldest of the droppable messages, in proportion to the excess; null when none is left. Calls and their
 * results go together: a template has no place for one without the other.
 */
export function shorten(messages: ChatMessage[], error: PaddockError): ChatMessage[] | null {
  const droppable = groups(messages)
    .slice(0, -1)
    .map((group) => group.filter(({ role }) => role !== 'system'))
    .filter((group) => group.length > 0);
  if (droppable.length === 0) return null;
  const { promptTokens, contextLength } = error.detail;
  const excess = size(messages) * Math.max(0, 1 - Number(contextLength) / Number(promptTokens));
  const dropped = new Set<ChatMessage>();
  for (const group of droppable) {
    if (dropped.size > 0 && size([...dropped]) >= excess) break;
    for (const message of group) dropped.add(message);
  }
  return messages.filter((message) => !dropped.has(message));
}

/** Each message alone, but for tools' answers, which stay with what is before them. */
function groups(messages: readonly ChatMessage[]): ChatMessage[][] {
  const all: ChatMessage[][] = [];
  for (const message of messages) {
    if (message.role === 'tool' && all.length > 0) all.at(-1)!.push(message);
    else all.push([message]);
  }
  return all;
}

/** UTF-16 units of an image's 768 tokens, which is what Ollama counts for one. */
const IMAGE = 768 * 4;

/** UTF-16 units, more or less. */
function size(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, { content, images = [], toolCalls = [] }) =>
      sum +
      content.length +
      images.length * IMAGE +
      (toolCalls.length > 0 ? JSON.stringify(toolCalls).length : 0),
    0,
  );
}
