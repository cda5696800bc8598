/** Words for what is different between two runs. */
import type { CandidateChange, TestChange, Verdict } from '#core/bench/compare';
import { summary } from '#core/bench/rates';
import type { CandidateResult, BenchTest } from '#core/bench/run';
import { sameTest } from '#core/bench/sets';
import { formatFixed, formatTokenRate } from '#core/format';
import * as m from '#core/messages/bench';

export interface ChangeText {
  before: string;
  after: string;
  difference: string;
  /** Null where a side has one repetition. */
  interval: string | null;
}

export function changeText(
  { before, after }: CandidateChange,
  { test, ratio }: TestChange,
): ChangeText {
  const { low, high } = ratio;
  return {
    before: rateText(before, test),
    after: rateText(after, test),
    difference: signed(ratio.ratio),
    interval:
      low === null || high === null
        ? null
        : m.bench_interval({ low: signed(low), high: signed(high) }),
  };
}

const VERDICTS: Record<Verdict, () => string> = {
  faster: m.bench_faster,
  slower: m.bench_slower,
  noise: m.bench_noise,
  unknown: m.bench_too_few,
};

export function verdictText({ verdict, struck }: TestChange): string {
  return struck ? m.bench_says_nothing() : VERDICTS[verdict]();
}

function rateText({ tests }: CandidateResult, test: BenchTest): string {
  const result = tests.find((one) => sameTest(one.test, test));
  const rate = result && summary(result);
  return rate ? formatTokenRate(rate.median) : '–';
}

/** `+4.2 %` of 1.042. */
function signed(ratio: number): string {
  const change = (ratio - 1) * 100;
  const digits = Math.abs(change) < 9.95 ? 1 : 0;
  return `${change >= 0 ? '+' : '−'}${formatFixed(Math.abs(change), digits)} %`;
}
