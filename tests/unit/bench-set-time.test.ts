/** How long a set is said to take, before it runs. */
import { expect, it } from 'vitest';
import { benchSet } from '#core/bench/sets';
import { setTime, timeText, type Chosen } from '$lib/ui/bench/set-time';
import { benchRun } from '../fixtures/bench-run';

const RUN = benchRun();
const MODEL = { name: 'smollm2:135m', size: 98_000_000, context_length: 8192 };
const chosen = (count: number, change: Partial<Chosen> = {}): Chosen => ({
  candidates: RUN.candidates.slice(0, count).map(({ candidate }) => candidate),
  models: [MODEL],
  runs: [RUN],
  verify: false,
  ...change,
});

it('is of what was measured here', () => {
  const { seconds, guessed } = setTime(benchSet('quick'), chosen(1));
  expect(guessed).toBe(false);
  // 3 s for the memory, loads of 2.4 and 0.9 s; four times 16 and 128 tokens at 241, three tests' single tokens, and
  // four times 33 written at 38.
  expect(seconds).toBeGreaterThan(3 + 3.3 + 2.3 + 3.4);
  expect(seconds).toBeLessThan(14);
});

it('is guessed by the model’s size where nothing was measured', () => {
  const { seconds, guessed } = setTime(benchSet('quick'), chosen(1, { runs: [] }));
  expect(guessed).toBe(true);
  const larger = { ...MODEL, size: 10 * MODEL.size };
  const slower = setTime(benchSet('quick'), chosen(1, { runs: [], models: [larger] }));
  expect(slower.seconds).toBeGreaterThan(3 * seconds);
});

it('is the sum over the candidates, longer where answers are checked, and knows the context', () => {
  const quick = benchSet('quick');
  const one = setTime(quick, chosen(1)).seconds;
  expect(setTime(quick, chosen(2)).seconds).toBeGreaterThan(2 * one - 4);
  expect(setTime(quick, chosen(1, { verify: true })).seconds).toBeGreaterThan(one + 3);
  const depth = benchSet('depth');
  const short = { ...MODEL, context_length: 2048 };
  const within = setTime(depth, chosen(1, { models: [short] })).seconds;
  expect(setTime(depth, chosen(1)).seconds).toBeGreaterThan(within + 20);
});

it.each([
  [4, 1, 'About 10 seconds with 1 candidate.'],
  [52, 2, 'About 50 seconds with 2 candidates.'],
  [56, 2, 'About 1 minute with 2 candidates.'],
  [150, 3, 'About 3 minutes with 3 candidates.'],
  [5400, 3, 'About 2 hours with 3 candidates.'],
  [30, 0, ''],
  [Infinity, 1, ''],
])('%d s with %i: %s', (seconds, candidates, text) => {
  expect(timeText(seconds, candidates)).toBe(text);
});
