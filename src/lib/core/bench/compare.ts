/** Two runs beside each other: what became faster or slower, and whether that is beyond the noise. */
import { flagsOf, isStruck } from '#core/bench/flags';
import { ratesOf } from '#core/bench/rates';
import type { BenchRun, BenchTest, CandidateResult } from '#core/bench/run';
import { sameTest } from '#core/bench/sets';
import { mean, welchRatio, type Ratio } from '#core/statistics';

export type Verdict =
  | 'faster'
  | 'slower'
  | 'noise' // the interval holds 1, or the difference is below `LEAST_CHANGE`
  | 'unknown'; // too few repetitions to say

export interface TestChange {
  test: BenchTest;
  /** Rates after by rates before; without an interval where a side has one repetition. */
  ratio: Ratio | { ratio: number; low: null; high: null };
  verdict: Verdict;
  /** One of the two numbers is struck out: it says nothing, and so does this. */
  struck: boolean;
}

export interface CandidateChange {
  before: CandidateResult;
  after: CandidateResult;
  /** False: the model's digest is not known on a side, so it was told by its size and parameters. */
  sure: boolean;
  /** In the order of `after`. */
  tests: TestChange[];
}

/** A share: less than this is no change, whatever the interval says; clocks alone may err by so much. */
export const LEAST_CHANGE = 0.01;

/** Every candidate of `after` that `before` has too, with the tests that both did. */
export function compareRuns(before: BenchRun, after: BenchRun): CandidateChange[] {
  const left = [...before.candidates];
  return after.candidates.flatMap((candidate) => {
    const found = counterpart(candidate, left);
    if (!found) return [];
    left.splice(left.indexOf(found.result), 1);
    const facts = [before.machine.clockMs, after.machine.clockMs] as const;
    const tests = changes(found.result, candidate, facts);
    return [{ before: found.result, after: candidate, sure: found.sure, tests }];
  });
}

/**
 * The same model, engine, backend and threads. Where a digest is missing it is another program's result: then the one
 * that is most alike, on the same kind of backend.
 */
function counterpart(
  one: CandidateResult,
  others: readonly CandidateResult[],
): { result: CandidateResult; sure: boolean } | null {
  const { engine, backend, threads } = one.candidate;
  const there = others.filter(({ candidate }) => candidate.backend === backend);
  const known = there.filter((other) => hasDigest(one, other));
  const same = known.find(
    (other) =>
      sameDigest(one, other) &&
      other.candidate.engine === engine &&
      other.candidate.threads === threads,
  );
  if (same) return { result: same, sure: true };
  const like = there.filter((other) => !hasDigest(one, other) && sameFigures(one, other));
  const distance = ({ candidate }: CandidateResult) =>
    Number(candidate.engine !== engine) + Number(candidate.threads !== threads);
  const [nearest] = like.sort((a, b) => distance(a) - distance(b));
  return nearest ? { result: nearest, sure: false } : null;
}

function hasDigest(one: CandidateResult, other: CandidateResult): boolean {
  return Boolean(one.model?.digest && other.model?.digest);
}

function sameDigest(one: CandidateResult, other: CandidateResult): boolean {
  return one.model?.digest === other.model?.digest;
}

/** One program counts a file and another its tensors: a small model's vocabulary is 2 % of its file. */
const SAME_SIZE = 0.04;

function sameFigures({ model: one }: CandidateResult, { model: other }: CandidateResult): boolean {
  if (!one || !other) return false;
  const size = Math.abs(one.size / other.size - 1) <= SAME_SIZE;
  return size && one.parameters === other.parameters;
}

function changes(
  before: CandidateResult,
  after: CandidateResult,
  clocks: readonly [number, number],
): TestChange[] {
  return after.tests.flatMap((result) => {
    const other = before.tests.find(({ test }) => sameTest(test, result.test));
    if (!other) return [];
    const [old, now] = [ratesOf(other), ratesOf(result)];
    if (old.length === 0 || now.length === 0) return [];
    const struck = [
      flagsOf(other, { ...before, clockMs: clocks[0] }),
      flagsOf(result, { ...after, clockMs: clocks[1] }),
    ].some(isStruck);
    const found = change(old, now);
    return [
      { test: result.test, struck, ...found, ...(struck && { verdict: 'unknown' as const }) },
    ];
  });
}

function change(before: number[], after: number[]): Pick<TestChange, 'ratio' | 'verdict'> {
  if (before.length < 2 || after.length < 2) {
    return {
      ratio: { ratio: mean(after) / mean(before), low: null, high: null },
      verdict: 'unknown',
    };
  }
  const ratio = welchRatio(after, before);
  return { ratio, verdict: verdictOf(ratio) };
}

function verdictOf({ ratio, low, high }: Ratio): Verdict {
  if (Math.abs(ratio - 1) < LEAST_CHANGE || (low <= 1 && high >= 1)) return 'noise';
  return ratio > 1 ? 'faster' : 'slower';
}
