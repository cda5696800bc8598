/** Quick leaves out repetitions of a candidate that takes longer than its minute, and says so. */
import { expect, test } from 'vitest';
import { flagWords } from '#core/bench/flag-words';
import { flagsOf, isStruck } from '#core/bench/flags';
import { RunFold } from '$lib/state/bench-events';
import { eventsOf, onCpu, openBenchHouse } from '../../fixtures/bench-house';

/** Quick, where work takes so many times as long. */
async function quick(slowness: number, change: { repetitions?: number } = {}) {
  const house = openBenchHouse();
  house.world.slowness = slowness;
  const request = { candidates: [onCpu()], set: 'quick' as const, ...change };
  const { events, run } = await house.run(request);
  const { tests } = run.candidates[0]!;
  return { events, run, tests, samples: tests.map(({ samples }) => samples.length) };
}

test('one that is fast has all', async () => {
  const { samples, tests } = await quick(1);
  expect(samples).toEqual([3, 3, 3]);
  expect(tests.flatMap(({ abandoned }) => abandoned)).toEqual([]);
});

test('one that is slow has each test once, and its answers are compared', async () => {
  const { events, run, samples, tests } = await quick(10_000);
  expect(samples).toEqual([1, 1, 1]);
  for (const { abandoned } of tests) expect(abandoned).toEqual(['time', 'time']);
  expect(run.candidates[0]).toMatchObject({ error: null, agreement: { state: 'agrees' } });
  expect(run.finished).not.toBeNull();
  const left = eventsOf(events, 'redo');
  expect(left.map(({ repetition }) => repetition)).toEqual([2, 3, 2, 3, 2, 3]);
  expect(left.every(({ reason, abandoned }) => reason === 'time' && abandoned)).toBe(true);
  const fold = new RunFold();
  for (const event of events.slice(0, -1)) fold.take(event);
  expect(fold.run?.candidates[0]?.tests).toEqual(tests);
  const flags = flagsOf(tests[2]!, { clockMs: 0, agreement: null, proof: null });
  expect(isStruck(flags)).toBe(false);
  expect(flags.map((flag) => flagWords(flag).sentence)).toContain(
    '2 repetitions were left out: the time that the set gives a candidate was over.',
  );
});

test('who asks for a number of repetitions gets it', async () => {
  const { samples } = await quick(10_000, { repetitions: 2 });
  expect(samples).toEqual([2, 2, 2]);
});
