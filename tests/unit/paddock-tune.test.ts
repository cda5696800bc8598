/** Which variant of a kernel is taken: by a clock that the test turns, and dispatches that only turn it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Notes } from '../../workers/runner/engine';
import { readTuned, writeTuned } from '../../workers/runner/engines/paddock/webgpu/tune/notes';
import { chosenFirst, type Variants } from '../../workers/runner/engines/paddock/webgpu/variants';
import { race, type Racer } from '../../workers/runner/engines/paddock/webgpu/tune/race';

let clock = 0;
let dispatched: string[] = [];
beforeEach(() => {
  clock = 0;
  dispatched = [];
});
const watch = { now: () => clock };

/** Takes this many milliseconds a time, or what `ms` makes of the number of its run. */
function racer(variant: string, ms: number | ((run: number) => number)): Racer<string> {
  let runs = 0;
  return {
    variant,
    async run(times) {
      dispatched.push(variant);
      const run = runs++;
      clock += times * (typeof ms === 'number' ? ms : ms(run));
    },
  };
}

it('takes the quickest', async () => {
  const racers = [racer('default', 1), racer('slow', 3), racer('quick', 0.5)];
  expect(await race(racers, 1000, watch)).toBe('quick');
});

it.each([
  [0.96, 'default'],
  [0.94, 'other'],
])('leaves the default unless another is more than 5 % shorter: $0 ms', async (ms, chosen) => {
  expect(await race([racer('default', 1), racer('other', ms)], 1000, watch)).toBe(chosen);
});

it('takes turns, and so what disturbs a round decides nothing', async () => {
  // The machine is busy in three rounds of nine, always when it is the better one's turn.
  const disturbed = racer('better', (run) => (run > 2 && run % 3 === 0 ? 9 : 0.8));
  expect(await race([racer('default', 1), disturbed], 1000, watch)).toBe('better');
  expect(dispatched.slice(-4)).toEqual(['default', 'better', 'default', 'better']);
});

it('does not count the first time, which pays for what is made then', async () => {
  const cold = racer('cold', (run) => (run === 0 ? 100 : 0.5));
  expect(await race([racer('default', 1), cold], 1000, watch)).toBe('cold');
});

it('ends in its time, and leaves the default where that is too short', async () => {
  const slow = [racer('default', 40), racer('quick', 20), racer('other', 40)];
  expect(await race(slow, 250, watch)).toBe('default');
  expect(clock).toBeLessThanOrEqual(250 + 40);
  clock = 0;
  expect(await race(slow, 1000, watch)).toBe('quick');
  expect(clock).toBeLessThanOrEqual(1000 + 40);
});

it('does not run again what is hopeless', async () => {
  expect(await race([racer('default', 1), racer('awful', 90)], 1000, watch)).toBe('default');
  expect(dispatched.filter((variant) => variant === 'awful')).toHaveLength(2);
});

it('does nothing where there is nothing to choose', async () => {
  expect(await race([racer('only', 1)], 1000, watch)).toBe('only');
  expect(dispatched).toEqual([]);
});

it('measures quick ones many times together: clocks of browsers step by 0.1 ms', async () => {
  let most = 0;
  const quick = (variant: string, ms: number): Racer<string> => ({
    variant,
    async run(times) {
      most = Math.max(most, times);
      clock += times * ms;
    },
  });
  const coarse = { now: () => Math.floor(clock * 10) / 10 };
  expect(await race([quick('default', 0.03), quick('quick', 0.02)], 1000, coarse)).toBe('quick');
  expect(most).toBeGreaterThan(50);
});

describe('what was remembered', () => {
  const notes = (variants: unknown): Notes => {
    const kept = new Map<string, unknown>();
    const book: Notes = {
      read: (key) => kept.get(key),
      write: (key, value) => kept.set(key, value),
    };
    writeTuned(book, 'acme|one', 'Test/1', variants as Variants);
    return book;
  };

  it('is of this device and browser', () => {
    const variants: Variants = { attend: { workgroup: 64 } };
    expect(readTuned(notes(variants), 'acme|one', 'Test/1')).toEqual(variants);
    expect(readTuned(notes(variants), 'acme|two', 'Test/1')).toBeUndefined();
    expect(readTuned(notes(variants), 'acme|one', 'Test/2')).toBeUndefined();
    expect(readTuned(undefined, 'acme|one', 'Test/1')).toBeUndefined();
  });

  it.each([null, 'x', { matvec: null }, { matmul: { key: 3 } }])(
    'is nothing if damaged: %j',
    (damage) => {
      expect(readTuned(notes(damage), 'acme|one', 'Test/1')).toBeUndefined();
    },
  );

  it('leads the ways of a kernel if it is one of them', () => {
    const ways = [{ rows: 1 }, { rows: 2 }];
    expect(chosenFirst({ rows: 2 }, ways, true)).toEqual([{ rows: 2 }, { rows: 1 }]);
    expect(chosenFirst({ rows: 1e9 }, ways, true)).toEqual(ways);
    expect(chosenFirst({ rows: 3 }, ways, false)).toEqual([{ rows: 3 }, ...ways]);
    expect(chosenFirst(undefined, ways, true)).toEqual(ways);
  });
});
