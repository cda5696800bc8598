/** A reply's chunks with the calls of tools taken out of their text. */
import type { EngineChunk, Tool } from '#core/engine';
import { saysNothingElse } from '../thinking';
import type { ToolReader } from './reader';
import { ToolText } from './tool-text';

/** @param tools those of the request: what names another is text */
export async function* withToolCalls(
  chunks: AsyncIterable<EngineChunk>,
  reader: ToolReader,
  tools: readonly Tool[],
): AsyncGenerator<EngineChunk, void, void> {
  const text = new ToolText(reader, tools);
  for await (const chunk of chunks) {
    if (chunk.type === 'delta') {
      const { content, calls } = text.push(chunk.content);
      const silent = content === '' && calls.length === 0 && !chunk.thinking;
      if (silent && saysNothingElse(chunk)) continue;
      yield { ...chunk, content, ...(calls.length > 0 && { toolCalls: calls }) };
      continue;
    }
    if (chunk.type === 'final') {
      const { content, calls } = text.flush();
      const said = calls.length > 0 && { toolCalls: calls };
      if (said || content !== '') yield { type: 'delta', content, ...said };
    }
    yield chunk;
  }
}
