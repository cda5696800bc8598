/** Tells the tokens that a later prompt can go on from. */
import type { CompleteParams, DeltaChunk, EngineChunk } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { GgufModel } from './gguf-model';

export function foreignContext(): PaddockError {
  const message = '"context" is of another model: it has tokens that this one lacks';
  return new PaddockError('bad_request', message);
}

interface Telling {
  model: Pick<GgufModel, 'tellsTokens' | 'encode'>;
  prompt: readonly number[];
  /** What was asked for: `chunks` have `ids` all the same, if the engine tells them. */
  each: CompleteParams['each'];
}

/** The last chunk gets `context`: the tokens of the prompt and of its reply, with the one that ended it. */
export async function* withContext(
  chunks: AsyncIterable<EngineChunk>,
  { model, prompt, each }: Telling,
): AsyncGenerator<EngineChunk, void, void> {
  const ids: number[] = [];
  let text = '';
  for await (const chunk of chunks) {
    if (chunk.type === 'prompt') yield chunk;
    else if (chunk.type === 'final') {
      const reply = model.tellsTokens ? ids : await model.encode(text);
      yield { ...chunk, ...(reply && { context: [...prompt, ...reply] }) };
    } else {
      for (const id of chunk.ids ?? []) ids.push(id);
      text += chunk.content;
      const shown = asAsked(chunk, each);
      if (shown) yield shown;
    }
  }
}

/** Without the counts and ids that nobody asked for; undefined where nothing is left. */
function asAsked(chunk: DeltaChunk, each: CompleteParams['each']): DeltaChunk | undefined {
  if (each === 'ids') return chunk;
  const rest = { ...chunk };
  delete rest.ids;
  if (each === 'count') return rest;
  delete rest.tokens;
  return rest.content !== '' || rest.logprobs ? rest : undefined;
}
