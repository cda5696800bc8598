/** A reply's pieces with the tool calls taken out of their text. */
import type { EngineChunk } from '#core/engine';
import { ToolCallReader } from './tools';

export async function* withToolCalls(
  chunks: AsyncIterable<EngineChunk>,
): AsyncGenerator<EngineChunk, void, void> {
  const reader = new ToolCallReader();
  for await (const chunk of chunks) {
    if (chunk.type === 'delta') {
      const { content, calls } = reader.push(chunk.content);
      if (content === '' && calls.length === 0 && !chunk.logprobs && !chunk.tokens) continue;
      yield { ...chunk, content, ...(calls.length > 0 && { toolCalls: calls }) };
      continue;
    }
    if (chunk.type === 'final') {
      const rest = reader.flush();
      if (rest !== '') yield { type: 'delta', content: rest };
    }
    yield chunk;
  }
}
