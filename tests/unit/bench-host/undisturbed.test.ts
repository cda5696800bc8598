/** Loads and the comparison of answers are done again when something disturbed them. */
import { describe, expect, test } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import { eventsOf, onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

const ONE = { candidates: [onCpu()], ...SMALL, repetitions: 1 };

type House = ReturnType<typeof openBenchHouse>;

/** `load 1`, the cold one; `load 2`; `agreement`; `wait` … */
function nameOf(event: BenchEvent): string {
  if (event.type !== 'step') return '';
  const { phase, repetition } = event.step;
  return phase === 'load' ? `load ${repetition}` : phase;
}

/** A run in which `disturb` happens in the middle of each of the first `times` steps of that name. */
async function disturbed(house: House, name: string, disturb: () => void, times: number) {
  const { world } = house;
  let left = times;
  const { events, run } = await house.run(ONE, (event) => {
    if (nameOf(event) === 'wait') world.see(true);
    if (nameOf(event) !== name || left-- <= 0) return;
    world.onWork = () => {
      world.onWork = () => {};
      disturb();
    };
  });
  const steps = eventsOf(events, 'step').map(nameOf);
  return { events, steps, result: run.candidates[0]! };
}

const DISTURBANCES: [string, (house: House) => () => void][] = [
  [
    'the page is hidden',
    ({ world }) =>
      () =>
        world.see(false),
  ],
  [
    'Paddock has other work',
    ({ world: { disturbances } }) =>
      () => {
        const over = disturbances.begin('busy');
        setImmediate(over);
      },
  ],
  [
    'the computer sleeps',
    ({ world }) =>
      () =>
        void (world.jump += 60_000),
  ],
];

describe.each(DISTURBANCES)('when %s', (_what, disturb) => {
  test.each(['load 1', 'load 2'])('meanwhile, %s is done again', async (name) => {
    const house = openBenchHouse();
    const { events, steps, result } = await disturbed(house, name, disturb(house), 1);
    expect(steps.filter((step) => step === name)).toHaveLength(2);
    expect(eventsOf(events, 'load')).toHaveLength(2);
    expect(result.loads.map(({ cold }) => cold)).toEqual([true, false]);
    for (const load of result.loads) expect(load).not.toHaveProperty('disturbed');
    expect(house.runners).toHaveLength(4); // the reference's, two loads, and the one that was spoiled
    expect(house.open()).toBe(0);
  });

  test('meanwhile, the comparison is done again', async () => {
    const house = openBenchHouse();
    const { steps, result } = await disturbed(house, 'agreement', disturb(house), 1);
    expect(steps.filter((step) => step === 'agreement')).toHaveLength(2);
    expect(result.agreement).toMatchObject({ state: 'agrees', agreed: 128, of: 128 });
  });
});

describe('what is disturbed each time', () => {
  test('is done for a fourth time, and the load says so', async () => {
    const house = openBenchHouse();
    const hide = () => house.world.see(false);
    const { steps, result } = await disturbed(house, 'load 1', hide, Infinity);
    expect(steps.filter((step) => step === 'load 1')).toHaveLength(4);
    expect(result.loads).toMatchObject([{ cold: true, disturbed: 'hidden' }, { cold: false }]);
    expect(result.loads[1]).not.toHaveProperty('disturbed');
    expect(result.tests.map(({ samples }) => samples.length)).toEqual([1, 1]);
  });

  test('is compared all the same', async () => {
    const house = openBenchHouse();
    const hide = () => house.world.see(false);
    const { steps, result } = await disturbed(house, 'agreement', hide, Infinity);
    expect(steps.filter((step) => step === 'agreement')).toHaveLength(4);
    expect(result.agreement).toMatchObject({ state: 'agrees', of: 128 });
  });
});

test('a load that is disturbed makes room for what disturbs it', async () => {
  const house = openBenchHouse();
  const open: number[] = [];
  const { world } = house;
  await house.run(ONE, (event) => {
    if (nameOf(event) === 'load 1' && open.length === 0) world.onWork = () => world.see(false);
    if (nameOf(event) !== 'wait') return;
    world.onWork = () => {};
    open.push(house.open());
    world.see(true);
  });
  expect(open).toEqual([0]);
});

test('a load that fails by itself is not tried again', async () => {
  const house = openBenchHouse({ good: '/fails engine_failed' });
  const { events, run } = await house.run({ ...ONE, verify: false });
  expect(eventsOf(events, 'step').map(nameOf)).toEqual(['probe', 'load 1']);
  expect(run.candidates[0]!.error).toMatchObject({ code: 'engine_failed' });
});
