/** The sampler's options with Ollama's defaults (api/types.go, `DefaultOptions`). */
import type { SamplingOptions } from '#core/engine';

export interface SamplerSettings {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  typicalP: number;
  repeatLastN: number;
  repeatPenalty: number;
  presencePenalty: number;
  frequencyPenalty: number;
  /** -1: a new one each time. */
  seed: number;
  bias: ReadonlyMap<number, number>;
  /** Likeliest tokens to give with each log-probability; -1: no log-probabilities at all. */
  logprobs: number;
}

export function samplerSettings(options: SamplingOptions): SamplerSettings {
  const bias = Object.entries(options.logit_bias ?? {});
  return {
    temperature: options.temperature ?? 0.8,
    topK: options.top_k ?? 40,
    topP: options.top_p ?? 0.9,
    minP: options.min_p ?? 0,
    typicalP: options.typical_p ?? 1,
    repeatLastN: options.repeat_last_n ?? 64,
    repeatPenalty: options.repeat_penalty ?? 1,
    presencePenalty: options.presence_penalty ?? 0,
    frequencyPenalty: options.frequency_penalty ?? 0,
    seed: options.seed ?? -1,
    bias: new Map(bias.map(([token, added]) => [Number(token), added])),
    logprobs: options.logprobs ? (options.top_logprobs ?? 0) : -1,
  };
}
