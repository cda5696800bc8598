/** How long a run will still take, by what its steps took so far. */
import type { PlannedStep } from '#core/bench/plan';
import type { BenchTest } from '#core/bench/run';
import { promptLength, tokensToGenerate } from '#core/bench/sets';
import { mean } from '#core/statistics';

export interface StepTook {
  step: PlannedStep;
  ms: number;
}

/** A token written takes as long as so many that are read: between 3 on a CPU and 30 on an adapter. */
const WRITTEN = 8;
/** Tokens of a short message in its template. */
const CHAT_PROMPT = 40;
/** What the agreement writes. */
const AGREEMENT = 128;

/**
 * Milliseconds for `pending`; null while nothing comparable was measured. A step that was measured is taken as it was;
 * another one of the same candidate by its tokens; another candidate's as if it were as fast. A reference is another
 * engine's, which was loaded for it: it tells of other steps only where none of them was measured.
 */
export function timeLeft(
  pending: readonly PlannedStep[],
  done: readonly StepTook[],
  tests: readonly BenchTest[],
): number | null {
  const work = (step: PlannedStep) => workOf(step, tests);
  let sum = 0;
  for (const step of pending) {
    const like = done.filter((other) => isLoad(other.step) === isLoad(step));
    const references = like.filter((other) => isReference(other.step));
    const others = like.filter((other) => !isReference(other.step));
    const own = others.filter((other) => other.step.candidate === step.candidate);
    const same = own.filter(
      (other) => other.step.test === step.test && work(other.step) === work(step),
    );
    const bases = isReference(step) ? [references] : [same, own];
    const basis = [...bases, others, like].find((some) => some.length > 0);
    if (!basis) {
      if (isLoad(step)) continue; // loads come first: one that nobody saw is not what a run is waited for
      return null;
    }
    sum += mean(basis.map((other) => other.ms / work(other.step))) * work(step);
  }
  return sum;
}

function isReference({ phase }: PlannedStep): boolean {
  return phase === 'reference';
}

function isLoad({ phase }: PlannedStep): boolean {
  return phase === 'load';
}

/** In tokens that are read. */
function workOf({ phase, test }: PlannedStep, tests: readonly BenchTest[]): number {
  if (phase === 'load') return 1;
  const asked = test === undefined ? undefined : tests[test];
  if (!asked) return AGREEMENT * WRITTEN;
  return (promptLength(asked) ?? CHAT_PROMPT) + tokensToGenerate(asked) * WRITTEN;
}
