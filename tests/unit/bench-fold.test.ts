/** What the page makes of the host's own events is the host's run, and at any moment one that can be kept. */
import { describe, expect, it } from 'vitest';
import type { BenchEvent, BenchRequest } from '#core/bench/events';
import { passableRun } from '#core/bench/passable-run';
import { readRun } from '#core/bench/read-run';
import type { BenchRun } from '#core/bench/run';
import { RunFold } from '$lib/state/bench-events';
import { onCpu, onGpu, openBenchHouse, SMALL, type BenchWorld } from '../fixtures/bench-house';
import { LIMITS } from '../fixtures/house';

const PAIR: BenchRequest = { candidates: [onCpu(), onCpu('good', 2)], ...SMALL };

/** Folds all but the last, and at each event sees that what there is could be kept. */
function foldedBefore(events: BenchEvent[]): BenchRun {
  const fold = new RunFold();
  for (const event of events.slice(0, -1)) {
    fold.take(event);
    expect(readRun(passableRun(fold.run!))).toEqual(fold.run);
    for (const { tests } of fold.run!.candidates) {
      for (const { samples } of tests) expect(samples).not.toContain(undefined);
    }
  }
  return fold.run!;
}

function expectSame(events: BenchEvent[], run: BenchRun) {
  expect(foldedBefore(events)).toEqual({ ...run, finished: null });
  const whole = new RunFold();
  for (const event of events) whole.take(event);
  expect(whole.run).toEqual(run);
}

function isMeasuring(event: BenchEvent, test: number, repetition: number): boolean {
  if (event.type !== 'step') return false;
  const { step } = event;
  return step.phase === 'measure' && step.test === test && step.repetition === repetition;
}

/** Hides the page in the middle of the next piece of work. */
function hideSoon(world: BenchWorld) {
  world.onWork = () => {
    world.onWork = () => {};
    world.see(false);
  };
}

function seeAgain(world: BenchWorld, event: BenchEvent) {
  if (event.type === 'step' && event.step.phase === 'wait') world.see(true);
}

describe('the run of a stream', () => {
  it.each<[string, Record<string, string>, BenchRequest]>([
    ['that nothing disturbs', { good: '/bench' }, PAIR],
    [
      'whose engine takes tokens from a cache',
      { good: '/bench', bad: '/bench caches' },
      { candidates: [onCpu(), onCpu('bad')], ...SMALL },
    ],
    [
      'whose device is lost',
      { good: '/bench', bad: '/gpu /bench lost' },
      { candidates: [onGpu('bad'), onCpu()], ...SMALL },
    ],
    [
      'of one that does not fit beside the others',
      { good: '/bench', big: '/fails out_of_memory' },
      { candidates: [onCpu(), onCpu('big')], ...SMALL },
    ],
    ['without a comparison', { good: '/bench' }, { ...PAIR, verify: false }],
  ])('%s', async (_, weights, request) => {
    const { events, run } = await openBenchHouse(weights).run(request);
    expectSame(events, run);
  });

  it('one by one', async () => {
    const house = openBenchHouse();
    house.deps.limits = () => Promise.resolve({ ...LIMITS, device_memory: 1 });
    const { events, run } = await house.run(PAIR);
    expect(run.interleaved).toBe(false);
    expectSame(events, run);
  });

  it('of which a repetition is left out, and those behind it are measured again since they were slow', async () => {
    const house = openBenchHouse();
    const { world } = house;
    const request = { candidates: [onCpu()], ...SMALL, repetitions: 4 };
    const { events, run } = await house.run(request, (event) => {
      if (isMeasuring(event, 1, 2)) hideSoon(world);
      if (isMeasuring(event, 1, 3)) world.slowness = 1.25;
      if (event.type === 'step' && event.step.phase === 'cool') world.slowness = 1;
      seeAgain(world, event);
    });
    expect(run.candidates[0]!.tests[1]).toMatchObject({
      samples: [{}, {}, {}],
      redone: ['hidden', 'hidden', 'hidden', 'throttled', 'throttled'],
      abandoned: ['hidden'],
    });
    expectSame(events, run);
  });

  it('whose model goes while what was slow is measured again', async () => {
    const house = openBenchHouse();
    const { world } = house;
    let deleted: Promise<Response> | undefined;
    const { events, run } = await house.run({ candidates: [onCpu()], ...SMALL }, (event) => {
      if (isMeasuring(event, 1, 2)) world.slowness = 1.25;
      if (event.type === 'redo') {
        deleted ??= house.call('DELETE', '/api/delete', { model: 'good' });
      }
    });
    expect((await deleted)!.status).toBe(200);
    expect(run.candidates[0]).toMatchObject({ error: { code: 'model_not_found' } });
    expectSame(events, run);
  });

  it.each([...Array(6).keys()])('of a day of all kinds of disturbances: %i', async (seed) => {
    const house = openBenchHouse();
    const { world } = house;
    const next = generator(seed);
    const { events, run } = await house.run({ ...PAIR, repetitions: 5 }, (event) => {
      seeAgain(world, event);
      if (event.type !== 'step' || event.step.phase !== 'measure') return;
      const drawn = next() % 8;
      if (drawn < 2) hideSoon(world);
      if (drawn === 2) world.onWork = () => void (world.jump += 60_000);
      if (drawn === 3) world.onWork = () => {};
      if (drawn === 4) world.slowness = 1.25;
      if (drawn === 5) world.slowness = 1;
    });
    expectSame(events, run);
  });
});

/** A linear congruential one: the same numbers each time. */
function generator(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  };
}

it('a repetition that was measured again as often as can be is read back', async () => {
  const { run } = await openBenchHouse().run(PAIR);
  const [one, ...others] = run.candidates;
  const redone = Array.from({ length: 700 }, () => 'hidden' as const);
  const tests = one!.tests.map((tested) => ({ ...tested, redone }));
  const long = { ...run, candidates: [{ ...one!, tests }, ...others] };
  expect(readRun(long)).toEqual(long);
});
