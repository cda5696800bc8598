/** One repetition of a benchmark, by this worker's clock: what came when, beside what the engine says of itself. */
import type { FinalChunk, SamplingOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { MeasureChunk, Measured, MeasureParams } from '#core/methods';
import { Arrivals } from './arrivals';
import { clockStep } from './clock-step';
import type { LoadedModel } from './engine';
import { submitsSeen } from './gpu-submits';

/** @throws PaddockError what the engine says; `aborted`; `engine_failed` where no counts came */
export async function measure(
  model: LoadedModel,
  params: MeasureParams,
  signal: AbortSignal,
  told: (chunk: MeasureChunk) => void,
): Promise<Measured> {
  const clockMs = clockStep();
  const found: number[] = [];
  let final: FinalChunk | undefined;
  const before = submitsSeen();
  const arrivals = new Arrivals(performance.now());
  for await (const chunk of replyOf(model, params, signal)) {
    if (chunk.type === 'final') final = chunk;
    if (chunk.type === 'prompt') told({ tokens: 0 }); // a sign of life: a long prompt takes minutes
    if (chunk.type !== 'delta' || chunk.tokens === 0) continue;
    // An engine that does not count gives a delta a token.
    const { tokens = 1, ids = [] } = chunk;
    arrivals.add(performance.now(), tokens);
    found.push(...ids);
    told({ tokens });
  }
  const ended = performance.now();
  const after = submitsSeen();
  if (!final) throw new PaddockError('engine_failed', 'The reply ended without its counts.');
  return {
    sample: {
      promptTokens: final.promptTokens,
      cachedTokens: final.cachedTokens,
      ...arrivals.times(ended),
      evalTokens: final.evalTokens,
      promptMs: final.promptMs,
      evalMs: final.evalMs,
      submits: after === null || before === null ? null : after - before,
    },
    ...(params.ids && { ids: found }),
    clockMs,
  };
}

function replyOf(
  model: LoadedModel,
  { prompt, generate, keep = 0, ids }: MeasureParams,
  signal: AbortSignal,
) {
  const options: SamplingOptions = {
    temperature: 0,
    num_predict: generate,
    cache_prompt: keep > 0,
    shift: false,
  };
  const each = ids ? 'ids' : 'count';
  if ('messages' in prompt) {
    return model.chat({ messages: prompt.messages, options, each }, signal);
  }
  return model.complete({ prompt, options: { ...options, ignore_eos: true }, each }, signal);
}
