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

/** Without the oldest of the droppable messages, in proportion to the excess; null when none is left. */
export function shorten(messages: ChatMessage[], error: PaddockError): ChatMessage[] | null {
  const droppable = messages.slice(0, -1).filter(({ role }) => role !== 'system');
  if (droppable.length === 0) return null;
  const { promptTokens, contextLength } = error.detail;
  const characters = (list: ChatMessage[]) =>
    list.reduce((sum, { content }) => sum + content.length, 0);
  const excess =
    characters(messages) * Math.max(0, 1 - Number(contextLength) / Number(promptTokens));
  const dropped = new Set<ChatMessage>();
  for (const message of droppable) {
    if (dropped.size > 0 && characters([...dropped]) >= excess) break;
    dropped.add(message);
  }
  return messages.filter((message) => !dropped.has(message));
}
