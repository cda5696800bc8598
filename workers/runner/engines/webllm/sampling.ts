/** Ollama's options as web-llm has them. */
import type { SamplingOptions } from '#core/engine';
import { splitMix64 } from '#core/random';
import type { Generation } from './pipeline';

/** @param most tokens of the reply. Values outside of web-llm's ranges become the nearest inside. */
export function toGeneration(options: SamplingOptions, most: number): Generation {
  const penalised =
    options.presence_penalty !== undefined || options.frequency_penalty !== undefined;
  const { temperature, top_p, repeat_penalty, logit_bias } = options;
  const bias = Object.entries(logit_bias ?? {}).map(([token, value]) => [
    token,
    between(value, -100, 100),
  ]);
  return {
    max_tokens: most,
    ...(temperature !== undefined && { temperature: Math.max(temperature, 0) }),
    // It refuses 0, and with this little only the likeliest token is left too.
    ...(top_p !== undefined && { top_p: between(top_p, 1e-5, 1) }),
    ...(repeat_penalty !== undefined && { repetition_penalty: Math.max(repeat_penalty, 1e-3) }),
    ...(penalised && {
      presence_penalty: between(options.presence_penalty ?? 0, -2, 2),
      frequency_penalty: between(options.frequency_penalty ?? 0, -2, 2),
    }),
    ...(options.ignore_eos && { ignore_eos: true }),
    ...(bias.length > 0 && { logit_bias: Object.fromEntries(bias) as Record<string, number> }),
  };
}

/**
 * Ollama's -1 and no seed at all: another one each time. web-llm's first random number is 48271 / 2^31 of its seed,
 * so that with every small one a reply would begin with the likeliest token: they are spread.
 */
export function toSeed({ seed = -1 }: SamplingOptions): number {
  if (seed < 0) return crypto.getRandomValues(new Uint32Array(1))[0]!;
  return Number(splitMix64(BigInt(Math.floor(seed)))() & 0x7fff_ffffn);
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
