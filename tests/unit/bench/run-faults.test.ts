/** When `npm run bench` ends with another exit code than 0, though the page has a result to save. */
import { expect, it } from 'vitest';
import { benchJson } from '#core/bench/export-json';
import type { BenchRun } from '#core/bench/run';
import { runFaults } from '../../../scripts/bench/run/faults';
import { benchRun, candidateResult, written } from '../../fixtures/bench/results';

const whole = candidateResult({ tests: [written(4000, 3200)] });
const failed = candidateResult({
  tests: [],
  error: { code: 'engine_failed', message: 'it fell over' },
});

function faults(change: Partial<BenchRun>): string[] {
  return runFaults(benchJson(benchRun({ candidates: [whole], ...change })));
}

it('a whole run has none', () => {
  expect(faults({})).toEqual([]);
});

it('a candidate that failed is one, beside others that did not', () => {
  const [said, ...others] = faults({ candidates: [whole, failed] });
  expect(said).toMatch(/^smollm2:135m, Paddock, on the CPU: .*it fell over\. Try again/);
  expect(others).toEqual([]);
});

it('a run that was cut off is one, and a candidate without a figure', () => {
  expect(faults({ finished: null })).toEqual(['The benchmark has ended early.']);
  const silent = candidateResult({ tests: [] });
  expect(faults({ candidates: [silent] })).toEqual([
    'smollm2:135m, Paddock, on the CPU: nothing was measured.',
  ]);
});

it('a file that holds no run is one', () => {
  expect(runFaults('[]')).toHaveLength(1);
});
