/** What may be wrong with a test's number: found by its own figures, and whether the number still stands. */
import type { Agreement, BackendProof, RedoReason, Sample, TestResult } from '#core/bench/run';
import {
  engineDecodeRate,
  enginePrefillRate,
  ratesOf,
  sampleRate,
  slowing,
  summary,
} from '#core/bench/rates';
import { promptLength, tokensToGenerate } from '#core/bench/sets';

/** A flag and its figures; `flag-words.ts` has the sentences. */
export type Flag =
  /** The repetitions differ by more than `MOST_CV`; a share. */
  | { name: 'spread'; cv: number }
  /** The last repetition was slower than the first by more than `MOST_SLOWING`; a share. */
  | { name: 'drift'; slower: number }
  /** The shortest measured span was so many steps of the clock, which are too few. */
  | { name: 'clock'; steps: number }
  /** Tokens of a prompt or of a reply that were asked for, that came, and that the engine says it made. */
  | { name: 'counts'; of: 'prompt' | 'reply'; asked: number; came: number; said: number }
  /** The engine's own rate, by this clock's; above 1: it claims more. */
  | { name: 'engine_clock'; of: 'prompt' | 'reply'; ratio: number }
  /** Tokens that came from a cache, and those that were meant to. */
  | { name: 'cached'; cached: number; depth: number }
  | { name: 'disagrees'; agreed: number; of: number }
  /** Another backend did the work than the engine names. */
  | { name: 'backend' }
  | { name: 'abandoned'; repetitions: number; reasons: RedoReason[] };

export type FlagName = Flag['name'];

/** True: the number says nothing, and is struck out. False: it stands, and is marked. */
const STRIKES: Record<FlagName, boolean> = {
  spread: false,
  drift: false,
  clock: false,
  counts: true,
  engine_clock: false,
  cached: true,
  disagrees: true,
  backend: true,
  abandoned: false,
};

/** A coefficient of variation above this is marked. */
export const MOST_CV = 0.03;
/** A last repetition that is slower by more than this asks for a pause, and else is marked. */
export const MOST_SLOWING = 0.05;
/** Steps of the clock: fewer make an error of more than 1 %. */
export const LEAST_STEPS = 100;
/** What an engine's own rate may differ by. */
export const MOST_CLOCK_ERROR = 0.03;
/** Milliseconds between an engine's clock and ours that are the way between the two, and no disagreement. */
const WAY = 2;

/** What is known beside the samples. */
export interface FlagFacts {
  /** Milliseconds; 0: not known. */
  clockMs: number;
  agreement: Agreement | null;
  proof: BackendProof | null;
}

/** Everything that is wrong with `result`, worst first. */
export function flagsOf(result: TestResult, { clockMs, agreement, proof }: FlagFacts): Flag[] {
  const found: (Flag | null)[] = [
    proof === 'disproven' ? { name: 'backend' } : null,
    agreement?.state === 'differs'
      ? { name: 'disagrees', agreed: agreement.agreed, of: agreement.of }
      : null,
    first(result.samples, (sample) => countFlag(result, sample)),
    first(result.samples, (sample) => cacheFlag(result, sample)),
    abandonedFlag(result),
    driftFlag(result),
    spreadFlag(result),
    clockFlag(result, clockMs),
    first(result.samples, (sample) => engineClockFlag(result, sample, clockMs)),
  ];
  return found.filter((flag) => flag !== null);
}

/** Whether a number with these flags is struck out. */
export function isStruck(flags: readonly Flag[]): boolean {
  return flags.some(({ name }) => STRIKES[name]);
}

/** Whether the machine has become so much slower that a pause and another try are due. */
export function needsCooling(result: Pick<TestResult, 'test' | 'samples'>): boolean {
  return (slowing(ratesOf(result)) ?? 0) > MOST_SLOWING;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function countFlag({ test }: TestResult, sample: Sample): Flag | null {
  const asked = promptLength(test);
  if (asked !== null && sample.promptTokens !== asked) {
    const said = sample.promptTokens;
    return { name: 'counts', of: 'prompt', asked, came: said, said };
  }
  const { tokens: came, evalTokens: said } = sample;
  const wanted = tokensToGenerate(test);
  // A chat ends where the model ends it.
  const whole = test.kind === 'chat' ? came > 0 && came <= wanted : came === wanted;
  return whole && came === said ? null : { name: 'counts', of: 'reply', asked: wanted, came, said };
}

/** The token before the last of a depth is the last one that both prompts share for certain; one more may by chance. */
function cacheFlag({ test }: TestResult, { cachedTokens: cached }: Sample): Flag | null {
  const { kind, depth } = test;
  if (kind === 'chat') return cached > 0 ? { name: 'cached', cached, depth: 0 } : null;
  const least = depth - Math.max(SHORT_OF, SHORT_SHARE * depth);
  const most = depth === 0 ? 0 : depth + 1;
  return cached > most || cached < least ? { name: 'cached', cached, depth } : null;
}

/** An engine may evaluate the last tokens of a depth anew: so many, or this share, whichever is more. */
const SHORT_OF = 64;
const SHORT_SHARE = 0.01;

function abandonedFlag({ abandoned }: TestResult): Flag | null {
  if (abandoned.length === 0) return null;
  return {
    name: 'abandoned',
    repetitions: abandoned.length,
    reasons: [...new Set(abandoned)],
  };
}

function driftFlag(result: TestResult): Flag | null {
  const slower = slowing(ratesOf(result)) ?? 0;
  return slower > MOST_SLOWING ? { name: 'drift', slower } : null;
}

function spreadFlag(result: TestResult): Flag | null {
  const cv = summary(result)?.cv ?? 0;
  return cv > MOST_CV ? { name: 'spread', cv } : null;
}

function clockFlag({ test, samples }: TestResult, clockMs: number): Flag | null {
  if (clockMs <= 0 || samples.length === 0) return null;
  const spans = samples.map(({ firstTokenMs, laterMs }) =>
    test.kind === 'pp' ? firstTokenMs : laterMs,
  );
  const steps = Math.floor(Math.min(...spans) / clockMs);
  return steps < LEAST_STEPS ? { name: 'clock', steps } : null;
}

function engineClockFlag({ test }: TestResult, sample: Sample, clockMs: number): Flag | null {
  const prompt = test.kind === 'pp';
  const seen = sampleRate(test, sample);
  if (seen === null) return null;
  const spanMs = prompt ? sample.firstTokenMs : sample.laterMs;
  const allowed = MOST_CLOCK_ERROR + (WAY + 2 * clockMs) / spanMs;
  const ratios = saidRates(prompt, sample).map((said) => said / seen);
  const nearest = ratios.sort((a, b) => Math.abs(a - 1) - Math.abs(b - 1))[0];
  if (nearest === undefined || Math.abs(nearest - 1) <= allowed) return null;
  return { name: 'engine_clock', of: prompt ? 'prompt' : 'reply', ratio: nearest };
}

/** What the engine's figures may mean: some count the reply's first token in its time, and some in the prompt's. */
function saidRates(prompt: boolean, sample: Sample): number[] {
  const rates = prompt
    ? [enginePrefillRate(sample)]
    : [
        engineDecodeRate(sample),
        engineDecodeRate({ ...sample, evalTokens: sample.evalTokens - 1 }),
      ];
  return rates.filter((rate) => rate !== null);
}
