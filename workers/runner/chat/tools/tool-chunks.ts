/** A reply's chunks with the calls of tools taken out of their text. */
import type { EngineChunk, Tool } from '#core/engine';
import type { ToolReader } from './reader';

/** @param tools those of the request: what names another is text */
export async function* withToolCalls(
  chunks: AsyncIterable<EngineChunk>,
  _reader: ToolReader,
  _tools: readonly Tool[],
): AsyncGenerator<EngineChunk, void, void> {
  yield* chunks;
}
