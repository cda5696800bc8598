/** What the page shows of a run: what is struck out, and how it ended. */
import { expect, it } from 'vitest';
import { figuresOf } from '$lib/ui/bench/figures';
import { endText } from '$lib/ui/bench/words';
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

it('a run that was refused did not end early: it never began', () => {
  expect(endText(null)).toBe('The benchmark did not begin.');
  expect(endText(benchRun({ finished: null }))).toBe('The benchmark has ended early.');
  expect(endText(benchRun())).toBe('The benchmark is finished.');
});
