/** Whoever shows what is loaded is told of each end of a load: by then nothing is loading any more. */
import { afterEach, expect, it, vi } from 'vitest';
import { lastOf, lossHouse, type LossHouse } from '../fixtures/loss-house';

let house: LossHouse;
afterEach(() => house.close());

it('a load that fails is told as one that goes well', async () => {
  house = lossHouse('/fails engine_failed');
  const seen: (string | null)[] = [];
  const count = vi.spyOn(house.loads, 'changes', 'set').mockImplementation(() => {
    seen.push(house.scheduler.activities[0]?.phase ?? null);
  });
  expect(await lastOf(house.chat('hello'))).toMatchObject({ code: 'engine_failed' });
  expect(seen).toEqual(['load', null]);
  house.disk.weights = 'weights';
  await lastOf(house.chat('hello'));
  expect(seen).toEqual(['load', null, 'load', null]);
  count.mockRestore();
});

it('and so is one that is stopped', async () => {
  house = lossHouse('/gpu /stuck');
  const stop = new AbortController();
  const asked = house.chat('hello', {}, stop.signal);
  await vi.waitFor(() => expect(house.scheduler.activities[0]?.total).toBeGreaterThan(0));
  const { changes } = house.loads;
  stop.abort();
  await asked;
  expect(house.loads.changes).toBe(changes + 1);
  expect(house.scheduler.activities[0]).toBeUndefined();
});
