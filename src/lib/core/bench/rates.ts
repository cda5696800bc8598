/** What a repetition's clock readings come to. Rates are tokens a second, times milliseconds. */
import type { BenchTest, CandidateResult, Sample, TestResult } from '#core/bench/run';
import { deviation, mean, percentile } from '#core/statistics';

/**
 * Tokens of the prompt that were evaluated, by the time from the call to the first token: llama-bench's `pp`, by this
 * clock. What the cache spared does not count. Null where there was nothing to measure.
 */
export function prefillRate({ promptTokens, cachedTokens, firstTokenMs }: Sample): number | null {
  return rate(promptTokens - cachedTokens, firstTokenMs);
}

/** Tokens behind the first arrival, by the time from the first arrival to the last; null as above. */
export function decodeRate({ laterTokens, laterMs }: Sample): number | null {
  return rate(laterTokens, laterMs);
}

/** What the engine says of its prompt's pass; null where it says nothing. */
export function enginePrefillRate(sample: Sample): number | null {
  return rate(sample.promptTokens - sample.cachedTokens, sample.promptMs);
}

/** What the engine says of its writing: `eval_count / eval_duration` in Ollama's names; null as above. */
export function engineDecodeRate({ evalTokens, evalMs }: Sample): number | null {
  return rate(evalTokens, evalMs);
}

/** Tokens a second, of milliseconds; null where there was nothing to measure. */
export function rate(tokens: number, ms: number): number | null {
  return tokens > 0 && ms > 0 ? (1000 * tokens) / ms : null;
}

/** The rate that a test is for: reading in `pp`, else writing. */
export function sampleRate({ kind }: Pick<BenchTest, 'kind'>, sample: Sample): number | null {
  return kind === 'pp' ? prefillRate(sample) : decodeRate(sample);
}

/** The rates of a test's samples, in their order; those without one are left out. */
export function ratesOf({ test, samples }: Pick<TestResult, 'test' | 'samples'>): number[] {
  return samples.map((sample) => sampleRate(test, sample)).filter((one) => one !== null);
}

export interface Summary {
  n: number;
  median: number;
  mean: number;
  /** Sample standard deviation (n - 1); null of a single value. */
  sd: number | null;
  /** `sd / mean`, a share; null as above. */
  cv: number | null;
  min: number;
  max: number;
}

/** Null of no values. */
export function summarize(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const all = [...values];
  const middle = mean(all);
  const sd = all.length > 1 ? deviation(all) : null;
  return {
    n: all.length,
    median: percentile(all, 0.5),
    mean: middle,
    sd,
    cv: sd === null ? null : sd / middle,
    min: Math.min(...all),
    max: Math.max(...all),
  };
}

/** Of the rate that the test is for; null where nothing was measured. */
export function summary(result: Pick<TestResult, 'test' | 'samples'>): Summary | null {
  return summarize(ratesOf(result));
}

/** How much slower the last repetition was than the first, as a share of the first; negative: it was faster. */
export function slowing(rates: readonly number[]): number | null {
  const [first, last] = [rates[0], rates.at(-1)];
  if (rates.length < 2 || first === undefined || last === undefined) return null;
  return 1 - last / first;
}

/** Milliseconds to the first token behind the shortest and the longest prompt that were read from their beginning. */
export interface FirstTokens {
  short: { tokens: number; ms: Summary } | null;
  /** Null where there was one length only. */
  long: { tokens: number; ms: Summary } | null;
}

export function firstTokens({ tests }: Pick<CandidateResult, 'tests'>): FirstTokens {
  const found = tests
    .filter(({ test }) => test.kind === 'pp' && test.depth === 0)
    .sort((a, b) => a.test.tokens - b.test.tokens)
    .flatMap(({ test, samples }) => {
      const ms = summarize(samples.map(({ firstTokenMs }) => firstTokenMs));
      return ms ? [{ tokens: test.tokens, ms }] : [];
    });
  return { short: found[0] ?? null, long: found.length > 1 ? found.at(-1)! : null };
}
