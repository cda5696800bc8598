import type { EngineChunk } from '#core/engine';

/** The chunks for somebody who wants no thoughts: theirs are left out, and their tokens counted. */
export async function* dropThoughts(
  chunks: AsyncIterable<EngineChunk>,
): AsyncGenerator<EngineChunk, void, void> {
  for await (const chunk of chunks) {
    if (chunk.type !== 'delta' || chunk.thinking === undefined) {
      yield chunk;
      continue;
    }
    const rest = { ...chunk };
    delete rest.thinking;
    if (rest.content !== '' || rest.logprobs || rest.toolCalls || rest.tokens) yield rest;
  }
}
