/** An engine that cannot keep a depth is not asked for it again and again: each time it reads the depth twice. */
import { afterEach, expect, test, vi } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import type { BenchTest } from '#core/bench/run';
import { Contestant } from '../../../workers/host/bench/contestant';
import { eventsOf, onCpu, openBenchHouse } from '../../fixtures/bench-house';

afterEach(() => vi.restoreAllMocks());

const TESTS: BenchTest[] = [
  { kind: 'pp', tokens: 32, depth: 100 },
  { kind: 'tg', tokens: 16, depth: 100 },
  { kind: 'tg', tokens: 16, depth: 200 },
  { kind: 'tg', tokens: 16, depth: 0 },
];

/** Places of the tests that are warmed up or measured, in their order. */
function tried(events: BenchEvent[], candidate: number) {
  return eventsOf(events, 'step')
    .filter(({ step }) => step.phase === 'warmup' || step.phase === 'measure')
    .filter(({ step }) => step.candidate === candidate)
    .map(({ step: { phase, test } }) => `${phase} ${test}`);
}

test('it is tried twice, then it and what is deeper are left out, and the other tests go on', async () => {
  const house = openBenchHouse({ bad: '/bench reuses', good: '/bench' });
  const candidates = [onCpu('bad'), onCpu()];
  const { events, run } = await house.run({ candidates, tests: TESTS, repetitions: 3 });
  expect(tried(events, 0)).toEqual([
    ...['warmup 0', 'measure 0', 'measure 0'],
    ...['warmup 3', 'measure 3', 'measure 3', 'measure 3'],
  ]);
  const lost = ['cached', 'cached', 'cached'];
  expect(run.candidates[0]!.tests).toMatchObject([
    { samples: [], redone: ['cached'], abandoned: lost },
    { samples: [], redone: [], abandoned: lost },
    { samples: [], redone: [], abandoned: lost },
    { redone: [], abandoned: [] },
  ]);
  expect(run.candidates.map(({ tests }) => tests.map(({ samples }) => samples.length))).toEqual([
    [0, 0, 0, 3],
    [3, 3, 3, 3],
  ]);
  const told = eventsOf(events, 'redo')
    .filter(({ abandoned }) => abandoned)
    .map((one) => [one.test, one.repetition]);
  const each = (at: number) => [1, 2, 3].map((repetition) => [at, repetition]);
  expect(told).toEqual([...each(0), ...each(1), ...each(2)]);
});

test('a wrong count once is a disturbance’s, and is measured again', async () => {
  const house = openBenchHouse();
  const times = { firstTokenMs: 1, laterMs: 1, promptMs: 1, evalMs: 1, laterTokens: 1 };
  const counts = { promptTokens: 132, cachedTokens: 0, tokens: 1, evalTokens: 1, submits: 0 };
  const wrong = { sample: { ...times, ...counts }, clockMs: 1 };
  vi.spyOn(Contestant.prototype, 'repetition')
    .mockResolvedValueOnce(wrong) // the warm-up, of which nobody asks
    .mockResolvedValueOnce(wrong);
  const tests = TESTS.slice(0, 2);
  const { run } = await house.run({ candidates: [onCpu()], tests, repetitions: 3 });
  expect(run.candidates[0]!.tests).toMatchObject([
    { redone: ['cached'], abandoned: [] },
    { redone: [], abandoned: [] },
  ]);
  expect(run.candidates[0]!.tests.map(({ samples }) => samples.length)).toEqual([3, 3]);
});
