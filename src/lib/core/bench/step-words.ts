/** What a run does now, in a line. */
import type { BenchStep } from '#core/bench/events';
import { redoClause } from '#core/bench/flag-words';
import { candidateLabel, formatThreads } from '#core/bench/narrate';
import type { BenchRun } from '#core/bench/run';
import { testName } from '#core/bench/sets';

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
  { phase, test, repetition, reason, elsewhere }: BenchStep,
  { tests, repetitions }: Pick<BenchRun, 'tests' | 'repetitions'>,
): string {
  const asked = test === undefined ? undefined : tests[test];
  const name = asked ? ` ${testName(asked)}` : '';
  switch (phase) {
    case 'probe':
      return 'Measures this machine’s memory and clock';
    case 'load':
      return repetition === 2 ? 'Loads once more' : 'Loads';
    case 'reference':
      return 'Writes the text to compare with, once for this model';
    case 'warmup':
      return `Warms up${name}`;
    case 'measure':
      return `Measures${name}${repetition ? `, ${repetition} of ${repetitions}` : ''}`;
    case 'agreement':
      return 'Compares the text';
    case 'cool':
      return 'Pauses, since the machine became slower';
    case 'wait':
      if (reason === 'paused') return 'Paused';
      if (elsewhere) return HIDDEN_ELSEWHERE;
      return reason ? `Waits, since ${redoClause(reason)}` : 'Waits';
  }
}

/** The run is that tab's host's, and ends with it. */
const HIDDEN_ELSEWHERE =
  'Waits: the benchmark runs in another tab of Paddock, which is hidden. Show that tab, or close it and start again here';
