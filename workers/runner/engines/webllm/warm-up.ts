/** A first pass that nobody reads, so that the first reply does not wait for what a GPU does once. */
import type { ConversationTemplate } from './conversation';
import type { Decoder } from './decoder';
import type { EmbeddingPipeline, TextPipeline } from './pipeline';

/** @param decoder undefined for a model that makes vectors */
export async function warmUp(
  pipeline: TextPipeline & EmbeddingPipeline,
  decoder: Decoder | undefined,
  { system_prefix_token_ids: begin }: ConversationTemplate,
): Promise<void> {
  const [token = 0] = begin?.length ? begin : pipeline.tokenizer.encode('a');
  // Two: one alone goes the way of a reply's tokens, which follows.
  const prompt = [token, token];
  if (!decoder) {
    await pipeline.embedStep([prompt]);
    return;
  }
  const generation = { max_tokens: 2, temperature: 0 };
  decoder.begin([prompt]);
  const { signal } = new AbortController();
  await decoder.prefill(prompt.length, generation, { signal, onPiece: () => {} });
  if (!pipeline.stopped()) await pipeline.decodeStep(generation);
  if (!pipeline.stopped()) pipeline.triggerStop();
  decoder.reset();
}
