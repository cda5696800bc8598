/** What a run does now, in a line. */
import type { BenchStep } from '#core/bench/events';
import { redoClause } from '#core/bench/flag-words';
import { candidateLabel, formatThreads } from '#core/bench/narrate';
import type { BenchRun } from '#core/bench/run';
import { testName } from '#core/bench/sets';
import * as m from '#core/messages/bench';

/** `Measures tg32, 2 of 3: smollm2:135m, Paddock, on the CPU, 2 threads`. */
export function stepWords(
  step: BenchStep,
  run: Pick<BenchRun, 'candidates' | 'tests' | 'repetitions'>,
): string {
  const result = step.candidate === undefined ? undefined : run.candidates[step.candidate];
  const what = doing(step, run);
  if (!result) return what;
  // Another engine than the candidate's writes it.
  if (step.phase === 'reference') return `${what}: ${result.candidate.model}`;
  const { model, backend, threads: asked } = result.candidate;
  const threads = result.info?.threads ?? asked;
  const who = [model, candidateLabel(result)];
  if (backend === 'wasm' && threads > 0) who.push(formatThreads(threads));
  return `${what}: ${who.join(', ')}`;
}

function doing(
  step: BenchStep,
  { tests, repetitions }: Pick<BenchRun, 'tests' | 'repetitions'>,
): string {
  const { phase, repetition } = step;
  const asked = step.test === undefined ? undefined : tests[step.test];
  const test = asked && testName(asked);
  switch (phase) {
    case 'probe':
      return m.bench_step_probe();
    case 'load':
      return repetition === 2 ? m.bench_step_load_again() : m.bench_step_load();
    case 'reference':
      return m.bench_step_reference();
    case 'warmup':
      return test ? m.bench_step_warmup_test({ test }) : m.bench_step_warmup();
    case 'measure':
      if (!test) return m.bench_step_measure();
      return repetition
        ? m.bench_step_measure_of({ test, repetition, repetitions })
        : m.bench_step_measure_test({ test });
    case 'agreement':
      return m.bench_step_agreement();
    case 'cool':
      return m.bench_step_cool();
    case 'wait':
      return waiting(step);
  }
}

function waiting({ reason, elsewhere }: BenchStep): string {
  if (reason === 'paused') return m.bench_step_paused();
  // The run is that tab's host's, and ends with it.
  if (elsewhere) return m.bench_step_elsewhere();
  return reason ? m.bench_step_waits_since({ reason: redoClause(reason) }) : m.bench_step_waits();
}
