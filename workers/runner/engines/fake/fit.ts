/** What an engine does with a chat that is longer than its context, by the fake's tokens: words, and 768 an image. */
import type { ChatMessage, ChatParams, CompleteParams } from '#core/engine';
import { PaddockError } from '#core/errors';

/** Ollama's count of one. */
const IMAGE = 768;

/** Whitespace-separated words. */
export function count(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** Tokens of all. */
export function countAll(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, { content, images = [] }) => sum + count(content) + images.length * IMAGE,
    0,
  );
}

/**
 * Without the oldest messages, as many as it takes; system messages and the last one stay, and where that is too long
 * by itself its middle goes.
 * @throws PaddockError `context_exceeded` where nobody asked for that, or there is no room left
 */
export function fitted(
  { messages, truncate, context = [], options }: ChatParams,
  contextLength: number,
): ChatMessage[] {
  const kept = [...messages];
  const length = () => context.length + countAll(kept);
  while (truncate && length() > contextLength) {
    const oldest = kept.slice(0, -1).findIndex(({ role }) => role !== 'system');
    if (oldest < 0) break;
    kept.splice(oldest, 1);
  }
  const last = kept.at(-1);
  if (truncate && last && length() > contextLength) {
    const content = cut(last.content, { truncate, options }, contextLength);
    kept.splice(-1, 1, { ...last, content });
  }
  if (length() > contextLength) throw tooLong(length(), contextLength);
  return kept;
}

/** The head that `num_keep` names and the tail, in Ollama's size. @throws PaddockError `context_exceeded` */
export function cut(
  text: string,
  { truncate, options }: Pick<CompleteParams, 'truncate' | 'options'>,
  contextLength: number,
): string {
  const all = text.split(/\s+/).filter(Boolean);
  if (all.length <= contextLength) return text;
  if (!truncate || options.shift === false) throw tooLong(all.length, contextLength);
  const keep = Math.min(options.num_keep ?? 4, contextLength - 1);
  const size = contextLength - Math.max(Math.floor((contextLength - keep) / 2), 1);
  return [...all.slice(0, keep), ...all.slice(all.length - (size - keep))].join(' ');
}

export function tooLong(promptTokens: number, contextLength: number): PaddockError {
  const message = `The prompt is ${promptTokens} tokens and the context holds ${contextLength}.`;
  return new PaddockError('context_exceeded', message, { promptTokens, contextLength });
}
