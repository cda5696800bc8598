/** What a model thinks, told from what it answers. */
import type { ChatMessage, DeltaChunk, EngineChunk } from '#core/engine';
import type { ThinkTags } from '#core/template/think-tags';
import { isThought } from './is-thought';
import { ThoughtSplitter } from './thought-splitter';

export { thinkTags, type ThinkTags } from '#core/template/think-tags';

/**
 * Whether a prompt ends inside a thought, in which the reply then begins.
 * @param prompt as `renderPrompt` gave it
 * @param messages those that it was given
 */
export function endsInThought(
  prompt: string,
  messages: readonly ChatMessage[],
  tags: ThinkTags,
): boolean {
  if (prompt.trimEnd().endsWith(tags.open)) return true;
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || last.toolCalls?.length) return false;
  return isThought(last, tags);
}

/** Whether a final assistant message has words of a thought: of one that is gone on with, its next blank counts. */
export function hasThought(messages: readonly ChatMessage[], { open }: ThinkTags): boolean {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return false;
  const { content, thinking = '' } = last;
  return (content === '' ? thinking : content.replace(open, '')).trim() !== '';
}

/**
 * The chunks with what is thought taken out of `content`.
 * @param open as `endsInThought` says
 * @param begun as `hasThought` says
 */
export async function* withThinking(
  chunks: AsyncIterable<EngineChunk>,
  tags: ThinkTags,
  open: boolean,
  begun = false,
): AsyncGenerator<EngineChunk, void, void> {
  const splitter = new ThoughtSplitter(tags, open, begun);
  for await (const chunk of chunks) {
    if (chunk.type === 'delta') {
      const { content, thinking } = splitter.push(chunk.content);
      if (content === '' && thinking === '' && saysNothingElse(chunk)) continue;
      yield { ...chunk, content, ...(thinking && { thinking }) };
      continue;
    }
    if (chunk.type === 'final') {
      const { content, thinking } = splitter.flush();
      if (content + thinking) yield { type: 'delta', content, ...(thinking && { thinking }) };
    }
    yield chunk;
  }
}

/** A chunk without text may count tokens, or bring probabilities. */
export function saysNothingElse({ tokens, ids, logprobs, toolCalls }: DeltaChunk): boolean {
  return tokens === undefined && !ids && !logprobs && !toolCalls;
}
