/** What of a run the page shows, put together: nothing is reckoned here. */
import { ceilingOf, shareOfCeiling, type Ceiling } from '#core/bench/ceiling';
import { flagsOf, isStruck, type Flag } from '#core/bench/flags';
import {
  decodeRate,
  firstTokens,
  summary,
  type FirstTokens,
  type Summary,
} from '#core/bench/rates';
import type {
  BenchRun,
  BenchTest,
  CandidateResult,
  LoadSplit,
  Sample,
  TestResult,
} from '#core/bench/run';
import { sameTest, SHORT_PROMPT, testName } from '#core/bench/sets';
import { candidateText } from './words';

export interface TestFigures {
  test: BenchTest;
  name: string;
  result: TestResult;
  /** Null: nothing was measured. */
  rate: Summary | null;
  flags: Flag[];
  struck: boolean;
  ceiling: Ceiling | null;
  /** Of the ceiling; 0 to 1, and above where the caches hold a part of the weights. */
  share: number | null;
}

export interface CandidateFigures {
  /** Its place in the run. */
  key: number;
  name: string;
  result: CandidateResult;
  tests: TestFigures[];
  first: FirstTokens;
  /** Whether the readings that `first` is of are struck out, and it with them. */
  firstStruck: { short: boolean; long: boolean };
}

/** The candidates of `model`, in their order. */
export function figuresOf(run: BenchRun, model: string): CandidateFigures[] {
  return run.candidates.flatMap((result, key) =>
    result.candidate.model === model ? [candidateFigures(run, result, key)] : [],
  );
}

function candidateFigures(run: BenchRun, result: CandidateResult, key: number): CandidateFigures {
  const tests = run.tests.map((test) => testFigures(run, result, test));
  const first = firstTokens(result);
  const isStruckAt = (tokens?: number) =>
    tests.some(
      ({ test, struck }) =>
        struck && sameTest(test, { kind: 'pp', tokens: tokens ?? -1, depth: 0 }),
    );
  const firstStruck = {
    short: isStruckAt(first.short?.tokens),
    long: isStruckAt(first.long?.tokens),
  };
  return { key, name: candidateText(result), result, tests, first, firstStruck };
}

function testFigures(run: BenchRun, one: CandidateResult, test: BenchTest): TestFigures {
  const none: TestResult = { test, samples: [], redone: [], abandoned: [] };
  const result = one.tests.find((done) => sameTest(done.test, test)) ?? none;
  const { clockMs, bandwidth } = run.machine;
  const { agreement, proof } = one;
  const rate = summary(result);
  const measured = rate !== null || result.abandoned.length > 0;
  const flags = measured ? flagsOf(result, { clockMs, agreement, proof }) : [];
  const ceiling = ceilingOf(one, test, bandwidth);
  return {
    test,
    name: testName(test),
    result,
    rate,
    flags,
    struck: isStruck(flags),
    ceiling,
    share: rate && ceiling ? shareOfCeiling(rate.median, ceiling) : null,
  };
}

/** Places of the tests that have a column and a chart: the short prompt is there for its first token alone. */
export function shownTests({ tests }: Pick<BenchRun, 'tests'>): number[] {
  const places = tests.map((_, place) => place);
  const others = places.filter((place) => !sameTest(tests[place]!, SHORT_PROMPT));
  return others.length > 0 ? others : places;
}

/** The fastest writing that stands, in front of nothing; null where there is none. */
export function bestDecode(rows: readonly CandidateFigures[]): number | null {
  const rates = rows.flatMap(({ tests }) =>
    tests.flatMap(({ test, rate, struck }) =>
      test.kind !== 'pp' && test.depth === 0 && rate && !struck ? [rate.median] : [],
    ),
  );
  return rates.length > 0 ? Math.max(...rates) : null;
}

/** The middle one of a chat's repetitions by its rate, and the load that its total holds. */
export function chatOf({ tests, loads }: CandidateResult): {
  sample: Sample | null;
  load: LoadSplit | null;
} {
  const samples = tests.find(({ test }) => test.kind === 'chat')?.samples ?? [];
  const sorted = samples.toSorted((a, b) => (decodeRate(a) ?? 0) - (decodeRate(b) ?? 0));
  return {
    sample: sorted[Math.floor((sorted.length - 1) / 2)] ?? null,
    load: loads.find(({ cold }) => cold) ?? null,
  };
}
