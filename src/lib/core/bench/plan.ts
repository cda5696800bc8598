/** What a run does, step by step: which repetition of which test of whom comes when, and what cannot come at all. */
import type { BenchStep } from '#core/bench/events';
import type { BenchTest } from '#core/bench/run';
import { contextNeeded, testName } from '#core/bench/sets';
import { formatCount } from '#core/format';
import type { Explanation } from '#core/sentences';

/** A step that is foreseen. `candidate` and `test` are places in their lists; a load's `repetition` 1 is cold, 2 warm. */
export interface PlannedStep {
  phase: Extract<BenchStep['phase'], 'load' | 'reference' | 'warmup' | 'measure' | 'agreement'>;
  candidate: number;
  test?: number;
  /** From 1. */
  repetition?: number;
}

export interface PlanRequest {
  /** What each candidate's agreement is measured against: equal texts share a reference. Null: there is none. */
  references: readonly (string | null)[];
  tests: readonly BenchTest[];
  repetitions: number;
  /** False: one candidate after the other, each alone in memory. */
  interleaved: boolean;
  /** Whether this candidate cannot do this test; absent: it can. */
  refused?: (candidate: number, test: number) => boolean;
}

/**
 * Every step in its order. Interleaved: all are loaded cold, then what they are compared with is written, then all are
 * loaded warm: to write it brings files into the system's cache, and code into the browser's. Then of each test every
 * candidate has its warm-up and the repetitions take turns, the order turned each round (A B, B A, A B …), so that a
 * machine that slows down does so for all. Else each candidate has all of its steps before the next one's.
 */
export function planRun(request: PlanRequest): PlannedStep[] {
  const { references, tests, repetitions, interleaved, refused } = request;
  const all = references.map((_, candidate) => candidate);
  const load = (group: readonly number[], repetition: 1 | 2) =>
    group.map((candidate): PlannedStep => ({ phase: 'load', candidate, repetition }));
  const writes = firstOfEach(references);
  const agreement = (candidate: number): PlannedStep[] =>
    references[candidate] === null ? [] : [{ phase: 'agreement', candidate }];
  const measured = (group: readonly number[]): PlannedStep[] =>
    tests.flatMap((_, test) => {
      const able = group.filter((candidate) => !refused?.(candidate, test));
      const warm = able.map((candidate): PlannedStep => ({ phase: 'warmup', candidate, test }));
      return [...warm, ...rounds(able, test, repetitions)];
    });
  const groups = interleaved ? [all] : all.map((candidate) => [candidate]);
  return groups.flatMap((group) => [
    ...load(group, 1),
    ...group
      .filter((candidate) => writes.includes(candidate))
      .map((candidate): PlannedStep => ({ phase: 'reference', candidate })),
    ...load(group, 2),
    ...measured(group),
    ...group.flatMap(agreement),
  ]);
}

function rounds(able: readonly number[], test: number, repetitions: number): PlannedStep[] {
  const turned = [...able].reverse();
  return Array.from({ length: repetitions }, (_, round) =>
    (round % 2 === 0 ? able : turned).map((candidate): PlannedStep => ({
      phase: 'measure',
      candidate,
      test,
      repetition: round + 1,
    })),
  ).flat();
}

/** The first candidate of each reference. */
function firstOfEach(references: readonly (string | null)[]): number[] {
  return references.flatMap((key, at) =>
    key !== null && references.indexOf(key) === at ? [at] : [],
  );
}

/** Tokens; a run's agreement needs this much whatever its tests are. */
const LEAST_CONTEXT = 768;
/** Tokens; engines round up to such steps. */
const CONTEXT_STEP = 256;

/**
 * Tokens of context (`num_ctx`) for these tests, as far as the model goes: what does not fit is refused by itself.
 * @param trained tokens that the model was trained for; 0: nobody knows
 */
export function contextFor(tests: readonly BenchTest[], trained: number): number {
  const able = tests.filter((test) => trained === 0 || contextNeeded(test) <= trained);
  const most = Math.max(LEAST_CONTEXT, ...able.map(contextNeeded));
  const rounded = Math.ceil(most / CONTEXT_STEP) * CONTEXT_STEP;
  return trained > 0 ? Math.min(rounded, trained) : rounded;
}

/** Why a context of so many tokens cannot hold `test`; null: it can. */
export function contextRefusal(test: BenchTest, context: number): Explanation | null {
  const needed = contextNeeded(test);
  if (needed <= context) return null;
  return {
    sentence: `${testName(test)} needs a context of ${formatCount(needed)} tokens, and this model has ${formatCount(context)} here.`,
    remedy:
      test.depth > 0
        ? 'Choose a model with a longer context, or leave this depth out.'
        : 'Choose the quick set, or a model with a longer context.',
  };
}
