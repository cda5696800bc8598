/** One repetition of a benchmark, by this worker's clock: what came when, beside what the engine says of itself. */
import type { EngineChunk, SamplingOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { MeasureChunk, Measured, MeasureParams } from '#core/methods';
import type { LoadedModel } from './engine';

export async function measure(
  model: LoadedModel,
  { prompt, generate, keep = 0, ids }: MeasureParams,
  signal: AbortSignal,
  told: (chunk: MeasureChunk) => void,
): Promise<Measured> {
  const options: SamplingOptions = {
    temperature: 0,
    num_predict: generate,
    cache_prompt: keep > 0,
    shift: false,
  };
  const begun = performance.now();
  const chunks =
    'messages' in prompt
      ? model.chat({ messages: prompt.messages, options }, signal)
      : model.complete(
          {
            prompt,
            options: { ...options, ignore_eos: true },
            each: ids ? 'ids' : 'count',
          },
          signal,
        );
  let first = 0;
  let last = 0;
  let tokens = 0;
  let firstTokens = 0;
  const found: number[] = [];
  let final: Extract<EngineChunk, { type: 'final' }> | undefined;
  for await (const chunk of chunks) {
    if (chunk.type === 'final') final = chunk;
    if (chunk.type !== 'delta') continue;
    const came = chunk.tokens ?? 1;
    last = performance.now();
    if (tokens === 0) {
      first = last;
      firstTokens = came;
    }
    tokens += came;
    if (chunk.ids) found.push(...chunk.ids);
    told({ tokens: came });
  }
  if (!final) throw new PaddockError('engine_failed', 'The reply ended without its counts.');
  return {
    sample: {
      promptTokens: final.promptTokens,
      cachedTokens: final.cachedTokens,
      firstTokenMs: first - begun,
      tokens,
      evalTokens: final.evalTokens,
      laterTokens: tokens - firstTokens,
      laterMs: last - first,
      promptMs: final.promptMs,
      evalMs: final.evalMs,
      submits: null,
    },
    ...(ids && { ids: found }),
    clockMs: clockStep(),
  };
}

/** The smallest step that the clock is seen to make, in some thousand readings. */
export function clockStep(): number {
  let least = Infinity;
  let before = performance.now();
  for (let reading = 0; reading < 10_000; reading++) {
    const now = performance.now();
    if (now > before) least = Math.min(least, now - before);
    before = now;
  }
  return least;
}
