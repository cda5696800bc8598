/** Two runs: ratios, intervals and what may be claimed. */
import { describe, expect, it } from 'vitest';
import { compareRuns } from '#core/bench/compare';
import type { CandidateResult, TestResult } from '#core/bench/run';
import { welchRatio } from '#core/statistics';
import { benchRun, candidateResult, written, writeSample } from '../../fixtures/bench/results';

const runOf = (tests: TestResult[], change: Partial<CandidateResult> = {}) =>
  benchRun({ candidates: [candidateResult({ tests, ...change })] });

describe('Welch’s interval over logarithms', () => {
  it('of e³, e⁵ by e⁰, e²', () => {
    // Means of the logarithms 4 and 1; variances 2 and 2, by 2 each: an error of √2, at (1 + 1)² / (1 + 1) = 2 degrees
    // of freedom t is 4.303; 4.303 · 1.4142136 = 6.0853610.
    const { ratio, low, high } = welchRatio([Math.E ** 3, Math.E ** 5], [1, Math.E ** 2]);
    expect(Math.log(ratio)).toBeCloseTo(3, 10);
    expect(Math.log(low)).toBeCloseTo(3 - 6.085361, 5);
    expect(Math.log(high)).toBeCloseTo(3 + 6.085361, 5);
  });

  it('with unequal variances takes fewer degrees of freedom', () => {
    // Logarithms 0, 1, 2 (variance 1, by 3: 1/3) and 0, 0, 0 (0): (1/3)² / ((1/9) / 2) = 2 degrees: t 4.303, and the
    // error is 0.5773503: 2.4843383.
    const { low } = welchRatio([1, Math.E, Math.E ** 2], [1, 1, 1]);
    expect(Math.log(low)).toBeCloseTo(1 - 2.4843383, 5);
  });

  it('of values that do not differ has no width', () => {
    const { ratio, low, high } = welchRatio([20, 20], [10, 10]);
    for (const value of [ratio, low, high]) expect(value).toBeCloseTo(2, 12);
  });
});

describe('the verdict', () => {
  const change = (before: number[], after: number[]) =>
    compareRuns(runOf([written(...before)]), runOf([written(...after)]))[0]?.tests[0];
  const verdict = (before: number[], after: number[]) => change(before, after)?.verdict;

  it('is faster or slower where the interval leaves 1 out', () => {
    expect(verdict([4000, 4010, 3990], [2000, 2010, 1990])).toBe('faster');
    expect(verdict([2000, 2010, 1990], [4000, 4010, 3990])).toBe('slower');
  });

  it('is noise where it does not, or where the change is below 1 %', () => {
    expect(verdict([4000, 3000, 5000], [3900, 2900, 4900])).toBe('noise');
    expect(verdict([4000, 4000, 4000], [3970, 3970, 3970])).toBe('noise'); // 0.76 % without any spread
  });

  it('is never claimed of one repetition', () => {
    expect(change([4000], [2000, 2000])).toMatchObject({
      ratio: { ratio: 2, low: null, high: null },
      verdict: 'unknown',
    });
    expect(change([], [2000])).toBeUndefined();
  });
});

describe('two runs', () => {
  it('are compared test by test', () => {
    const [change] = compareRuns(runOf([written(4000, 4000)]), runOf([written(2000, 2000)]));
    expect(change).toMatchObject({ sure: true });
    expect(change?.tests).toMatchObject([
      {
        test: { kind: 'tg', tokens: 128 },
        ratio: { ratio: expect.closeTo(2, 9) as number },
        verdict: 'faster',
        struck: false,
      },
    ]);
  });

  it('claim nothing of a number that is struck out', () => {
    const wrong = runOf([written(2000, 2000)], { proof: 'disproven' });
    const [change] = compareRuns(runOf([written(4000, 4000)]), wrong);
    expect(change?.tests).toMatchObject([{ struck: true, verdict: 'unknown' }]);
    const dropped = { ...written(2000, 2000), samples: [writeSample({ tokens: 100 })] };
    expect(compareRuns(runOf([dropped]), runOf([written(4000, 4000)]))[0]?.tests[0]?.struck).toBe(
      true,
    );
  });

  it('have candidates in common by digest, engine, backend and threads', () => {
    const before = runOf([written(4000, 4000)]);
    const { candidate, model } = candidateResult();
    const compared = (change: Partial<CandidateResult>) =>
      compareRuns(before, runOf([written(4000, 4000)], change)).length;
    expect(compared({ candidate: { ...candidate, model: 'renamed:latest' } })).toBe(1);
    expect(compared({ candidate: { ...candidate, engine: 'wllama' } })).toBe(0);
    expect(compared({ candidate: { ...candidate, backend: 'webgpu' } })).toBe(0);
    expect(compared({ candidate: { ...candidate, threads: 1 } })).toBe(0);
    expect(compared({ model: { ...model!, digest: `sha256:${'b'.repeat(64)}` } })).toBe(0);
  });

  it('take each of several candidates once, the one with as many threads', () => {
    const one = candidateResult({ tests: [written(8000, 8000)] });
    const slow = { ...one, candidate: { ...one.candidate, threads: 1 } };
    const fast = candidateResult({ tests: [written(4000, 4000)] });
    const found = compareRuns(
      benchRun({ candidates: [slow, fast] }),
      benchRun({ candidates: [fast, slow, fast] }),
    );
    expect(found.map(({ before }) => before.candidate.threads)).toEqual([2, 1]);
    expect(found.flatMap(({ tests }) => tests.map(({ verdict }) => verdict))).toEqual([
      'noise',
      'noise',
    ]);
  });

  it('tell a model without a digest by its size and parameters, and say so', () => {
    const { model } = candidateResult();
    const foreign = (size: number) =>
      runOf([written(2000, 2000)], { model: { ...model!, digest: '', size } });
    const mine = runOf([written(4000, 4000)]);
    expect(compareRuns(foreign(98_000_000), mine)).toMatchObject([{ sure: false }]);
    expect(compareRuns(foreign(90_000_000), mine)).toEqual([]);
    expect(compareRuns(runOf([], { model: null }), mine)).toEqual([]);
  });
});
