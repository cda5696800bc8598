/** The pieces of a fake reply as the seam has them, and texts as vectors. */
import type { DeltaChunk, Format, PromptChunk, SamplingOptions, TokenLogprob } from '#core/engine';
import { instanceOf } from './instance';
import { words, type Said } from './scenarios';

type Step = string | Said | PromptChunk;

/** What was thought comes as it is; the text, once it is whole, as a value that `format` allows. */
export async function* inFormat(
  format: Format,
  steps: AsyncIterable<Step>,
): AsyncGenerator<Step, void, void> {
  let text = '';
  for await (const step of steps) {
    if (typeof step === 'string') text += step;
    else yield step;
  }
  yield* words(instanceOf(format, text));
}

/** With `logprobs` each piece is a token of the log-probability -0.5; every next one is 1 less likely. */
export function deltaOf(step: string | Said, options: SamplingOptions): DeltaChunk {
  if (typeof step !== 'string') return { type: 'delta', content: '', ...step };
  const delta: DeltaChunk = { type: 'delta', content: step };
  if (!options.logprobs) return delta;
  const likely = Array.from({ length: options.top_logprobs ?? 0 }, (_, at) => {
    const token = at === 0 ? step : `other${at}`;
    return { token, bytes: [...new TextEncoder().encode(token)], logprob: -0.5 - at };
  });
  const bytes = [...new TextEncoder().encode(step)];
  const chosen: TokenLogprob = { token: step, bytes, logprob: -0.5, top_logprobs: likely };
  return { ...delta, logprobs: [chosen] };
}

/** Numbers of a vector. */
const DIMENSIONS = 8;

/** Of length 1; the same for the same tokens. */
export function vectorOf(tokens: readonly number[]): Float32Array<ArrayBuffer> {
  const sums = Array.from({ length: DIMENSIONS }, (_, at) =>
    tokens.reduce((sum, token) => sum + Math.sin(token * (at + 1)), at === 0 ? 1 : 0),
  );
  const length = Math.hypot(...sums);
  return Float32Array.from(sums, (sum) => sum / length);
}
