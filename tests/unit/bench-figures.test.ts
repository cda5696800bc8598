/** What of a run the page strikes out: nothing that a struck number stands on is shown as if it were good. */
import { expect, it } from 'vitest';
import { figuresOf } from '$lib/ui/bench/figures';
import { benchRun } from '../fixtures/bench-run';

it('the time to a first token is struck out with the reading that it is of', () => {
  const run = benchRun();
  const [paddock, , wrong] = figuresOf(run, 'smollm2:135m');
  expect(paddock?.firstStruck).toEqual({ short: false, long: false });
  expect(wrong?.first.long?.tokens).toBe(128);
  expect(wrong?.firstStruck).toEqual({ short: true, long: true });
  // One reading alone: its engine read fewer tokens than it was asked to.
  const [one, ...others] = run.candidates;
  const tests = one!.tests.map((tested, place) =>
    place === 1
      ? { ...tested, samples: tested.samples.map((sample) => ({ ...sample, promptTokens: 64 })) }
      : tested,
  );
  const [half] = figuresOf({ ...run, candidates: [{ ...one!, tests }, ...others] }, 'smollm2:135m');
  expect(half?.firstStruck).toEqual({ short: false, long: true });
});
