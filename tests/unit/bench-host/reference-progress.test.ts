/** How far a reference's writing is, and what it tells of the rest of the run. */
import { expect, test } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import { eventsOf, onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';
import { memoryReferences } from '../../fixtures/house';

const ONE = { candidates: [onCpu()], ...SMALL, repetitions: 1 };

const isStep = (event: BenchEvent, phase: string) =>
  event.type === 'step' && event.step.phase === phase;

test('its tokens are told as they come, with the time that is left', async () => {
  const { events } = await openBenchHouse().run(ONE);
  const told = eventsOf(events, 'written');
  expect(told.at(-1)).toMatchObject({ candidate: 0, tokens: 128, of: 128 });
  const counts = told.map(({ tokens }) => tokens);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  const known = told.filter(({ leftMs }) => leftMs !== null);
  // All but the first one, which comes behind a load and a prompt.
  expect(known.length).toBeGreaterThanOrEqual(told.length - 1);
  expect(known.length).toBeGreaterThan(1);
  const [first, last] = [known[0]!, known.at(-1)!];
  expect(last.leftMs!).toBeLessThan(first.leftMs!);
  expect(last.doneMs).toBeGreaterThan(first.doneMs);
  expect(last.leftMs!).toBeGreaterThan(0); // the tests lie ahead
});

test('one that is remembered takes no time, and tells nothing of what does', async () => {
  const references = memoryReferences();
  const house = openBenchHouse({ good: '/bench' }, { references });
  await house.run(ONE);
  const { events } = await house.run(ONE);
  expect(eventsOf(events, 'written')).toEqual([]);
  const before = events.slice(
    0,
    events.findIndex((event) => isStep(event, 'measure')),
  );
  for (const { leftMs } of eventsOf(before, 'step')) expect(leftMs).toBeNull();
});

test('a pause is no part of the time that the next steps will take', async () => {
  const house = openBenchHouse();
  const { world } = house;
  const left = async (pause: number) => {
    const { events } = await house.run({ ...ONE, repetitions: 3, verify: false }, (event) => {
      if (isStep(event, 'warmup')) world.see(false);
      if (!isStep(event, 'wait')) return;
      world.work(pause, new AbortController().signal).catch(() => {});
      world.see(true);
    });
    const agreed = events.findIndex(
      (event) => event.type === 'step' && event.step.repetition === 2 && event.step.test === 0,
    );
    return eventsOf(events.slice(agreed), 'step')[0]!.leftMs!;
  };
  const short = await left(0);
  expect(await left(3_600_000)).toBeLessThan(short * 2);
});
