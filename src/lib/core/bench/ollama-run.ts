/** A chat's repetition in the names that Ollama prints (`ollama run --verbose`), by this clock. */
import { rate } from '#core/bench/rates';
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
 * Ollama's own arithmetic. `prompt_eval_duration` goes from the call to the first token's arrival, `eval_duration` from
 * there to the reply's end; each rate is its count by its duration; `total_duration` is the sum of the three durations.
 * `eval_count` are the tokens that came: of a reply that ended by itself the first one's time is the prompt's and the
 * end's own step is in the duration, so as many steps as tokens are timed. At a limit it is a step less, 0.2 % of 512.
 * A sample without `endMs` has the tokens that were timed for `eval_count`, and their time.
 * @param load the cold one, which the total holds as Ollama's does; null: it is not known
 */
export function ollamaFigures(sample: Sample, load: LoadSplit | null): OllamaFigures {
  const { promptTokens, cachedTokens, firstTokenMs, tokens, laterTokens, laterMs, endMs } = sample;
  const evalMs = endMs === undefined ? laterMs : endMs - firstTokenMs;
  const evalCount = endMs === undefined ? laterTokens : tokens;
  const promptCount = promptTokens - cachedTokens;
  return {
    total_duration: (load?.totalMs ?? 0) + firstTokenMs + evalMs,
    load_duration: load?.totalMs ?? null,
    prompt_eval_count: promptCount,
    prompt_eval_duration: firstTokenMs,
    prompt_eval_rate: rate(promptCount, firstTokenMs),
    eval_count: evalCount,
    eval_duration: evalMs,
    // one token alone was timed by nothing
    eval_rate: tokens > 1 ? rate(evalCount, evalMs) : null,
  };
}
