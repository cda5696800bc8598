/** A chat's repetition in the names that Ollama prints (`ollama run --verbose`), by this clock. */
import { decodeRate, prefillRate } from '#core/bench/rates';
import type { LoadSplit, Sample } from '#core/bench/run';

/** Durations in milliseconds, rates in tokens a second; null: not measured. */
export interface OllamaFigures {
  total_duration: number;
  load_duration: number | null;
  prompt_eval_count: number;
  prompt_eval_duration: number;
  prompt_eval_rate: number | null;
  eval_count: number;
  eval_duration: number;
  eval_rate: number | null;
}

/**
 * The prompt's time ends with the first token's arrival, and the reply's begins there: so its rate leaves the first
 * token out, which Ollama counts.
 * @param load the cold one, which the total holds as Ollama's does; null: it is not known
 */
export function ollamaFigures(sample: Sample, load: LoadSplit | null): OllamaFigures {
  const { promptTokens, firstTokenMs, tokens, laterMs } = sample;
  return {
    total_duration: (load?.totalMs ?? 0) + firstTokenMs + laterMs,
    load_duration: load?.totalMs ?? null,
    prompt_eval_count: promptTokens,
    prompt_eval_duration: firstTokenMs,
    prompt_eval_rate: prefillRate(sample),
    eval_count: tokens,
    eval_duration: laterMs,
    eval_rate: decodeRate(sample),
  };
}
