/** How long a set will take what is chosen, before it runs: of what was measured here, or of the models' sizes. */
import { assumedSpeed, measuredSpeed, setSeconds } from '#core/bench/set-seconds';
import type { BenchRun, Candidate } from '#core/bench/run';
import { contextNeeded, type BenchSet } from '#core/bench/sets';
import * as m from '#core/messages/bench';
import type { ModelFacts } from '#core/paddock-api';

/** Seconds that every run looks at the memory. */
const PROBE = 3;

/** A set, or tests of somebody's own. */
export type ChosenSet = Pick<BenchSet, 'tests' | 'repetitions' | 'candidateMs'>;

export interface Chosen {
  candidates: readonly Candidate[];
  models: readonly Pick<ModelFacts, 'name' | 'size' | 'context_length'>[];
  /** Of the history, the latest first. */
  runs: readonly Pick<BenchRun, 'candidates'>[];
  verify: boolean;
}

/** Seconds of the whole run. `guessed`: some of the candidates were never measured here. */
export function setTime(
  { tests, repetitions, candidateMs }: ChosenSet,
  { candidates, models, runs, verify }: Chosen,
): { seconds: number; guessed: boolean } {
  let seconds = PROBE;
  let guessed = false;
  for (const candidate of candidates) {
    const model = models.find(({ name }) => name === candidate.model);
    const measured = measuredSpeed(candidate, runs);
    guessed ||= measured === null;
    const speed = measured ?? assumedSpeed(candidate, model?.size ?? 0);
    // A run leaves out the depths that a model's context does not hold.
    const context = model?.context_length ?? Infinity;
    const able = tests.filter((test) => contextNeeded(test) <= context);
    seconds += setSeconds({ tests: able, repetitions, candidateMs }, speed, verify);
  }
  return { seconds, guessed };
}

/** `About 40 seconds with 1 candidate.`; of one that nobody can tell, nothing. */
export function timeText(seconds: number, candidates: number): string {
  if (candidates === 0 || !Number.isFinite(seconds)) return '';
  return m.bench_time({ time: roundText(seconds), count: candidates });
}

function roundText(seconds: number): string {
  if (seconds < 55) return m.bench_seconds({ count: Math.max(10, Math.round(seconds / 10) * 10) });
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? m.bench_minutes({ count: minutes })
    : m.bench_hours({ count: Math.round(minutes / 60) });
}
