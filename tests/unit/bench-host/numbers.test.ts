/** A repetition keeps its number, whatever becomes of the others: who reads the events has the run as it is. */
import { expect, test } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import { decodeRate } from '#core/bench/rates';
import type { BenchRun } from '#core/bench/run';
import { eventsOf, onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

const ONE = { candidates: [onCpu()], ...SMALL };

/** Whether `event` begins this repetition of the writing. */
function begins(event: BenchEvent, repetition: number): boolean {
  if (event.type !== 'step' || event.step.phase !== 'measure') return false;
  return event.step.test === 1 && event.step.repetition === repetition;
}

/** A house that is hidden in the middle of each piece of work that `disturb` begins, and seen again as it waits. */
function disturbedHouse(disturb: (event: BenchEvent) => boolean) {
  const house = openBenchHouse();
  const { world } = house;
  const onEvent = (event: BenchEvent) => {
    if (disturb(event)) {
      world.onWork = () => {
        world.onWork = () => {};
        world.see(false);
      };
    }
    if (event.type === 'step' && event.step.phase === 'wait') world.see(true);
  };
  return { house, onEvent };
}

/** What the events tell of the writing, each with its repetition; of a sample the last. */
function told(events: BenchEvent[]) {
  const of = ({ test }: { test: number }) => test === 1;
  const samples = eventsOf(events, 'sample').filter(of);
  return {
    samples: [...new Map(samples.map(({ repetition, sample }) => [repetition, sample]))]
      .sort(([a], [b]) => a - b)
      .map(([, sample]) => sample),
    redone: eventsOf(events, 'redo').filter((one) => of(one) && !one.abandoned),
    abandoned: eventsOf(events, 'redo').filter((one) => of(one) && one.abandoned),
    numbers: samples.map(({ repetition }) => repetition),
  };
}

function written(run: BenchRun) {
  return run.candidates[0]!.tests[1]!;
}

test('one that is abandoned leaves a gap, which its event names', async () => {
  const { house, onEvent } = disturbedHouse((event) => begins(event, 2));
  const { events, run } = await house.run(ONE, onEvent);
  const { numbers, samples, redone, abandoned } = told(events);
  expect(numbers).toEqual([1, 3]);
  expect(redone.map(({ repetition }) => repetition)).toEqual([2, 2, 2]);
  expect(abandoned).toMatchObject([{ candidate: 0, repetition: 2, reason: 'hidden' }]);
  expect(written(run)).toMatchObject({
    samples,
    redone: redone.map(({ reason }) => reason),
    abandoned: abandoned.map(({ reason }) => reason),
  });
});

test('one that was slow keeps its sample where another try is disturbed each time', async () => {
  let cooled = false;
  const { house, onEvent } = disturbedHouse((event) => cooled && begins(event, 2));
  const { events, run } = await house.run(ONE, (event) => {
    if (event.type === 'sample' && event.test === 1 && event.repetition === 1) {
      house.world.slowness = 1.25;
    }
    if (event.type === 'step' && event.step.phase === 'cool') {
      cooled = true;
      house.world.slowness = 1;
    }
    onEvent(event);
  });
  const { numbers, samples, redone, abandoned } = told(events);
  expect(written(run).samples.map((one) => Math.round(decodeRate(one)!))).toEqual([100, 80, 100]);
  expect(written(run).redone.toSorted()).toEqual([
    ...['hidden', 'hidden', 'hidden'],
    ...['throttled', 'throttled'],
  ]);
  expect(numbers).toEqual([1, 2, 3, 3]);
  expect(abandoned).toEqual([]);
  expect(written(run)).toMatchObject({
    samples,
    redone: redone.map(({ reason }) => reason),
    abandoned: [],
  });
});
