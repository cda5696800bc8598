/** `/api/paddock/limits`. */
import { expect, it } from 'vitest';
import type { DeviceLimits } from '#core/paddock-api';
import { limitsReader } from '../../workers/host/limits/limits';
import { largestMemory } from '../../workers/host/limits/measure';
import { LIMITS, openHouse } from '../fixtures/house';

const MIB = 1024 * 1024;

it('the largest memory is found from above, with one that is reserved', () => {
  const reserved: number[] = [];
  const browser = (most: number) => (bytes: number) => {
    if (bytes > most) throw new RangeError('no');
    reserved.push(bytes);
  };
  expect(largestMemory(browser(4096 * MIB))).toBe(4096 * MIB);
  expect(largestMemory(browser(1000 * MIB))).toBe(768 * MIB);
  expect(reserved).toEqual([4096 * MIB, 768 * MIB]);
  expect(largestMemory(browser(MIB))).toBe(0);
});

it('what was measured is kept, the free storage is asked for each time, and a failure is tried again', async () => {
  let measured = 0;
  let free = 100;
  const read = limitsReader(
    () => (measured++ === 0 ? Promise.reject(new Error('no worker')) : Promise.resolve(LIMITS)),
    () => Promise.resolve(free--),
  );
  await expect(read()).rejects.toThrow('no worker');
  expect(await read()).toEqual({ ...LIMITS, free_storage: 100 });
  expect(await read()).toEqual({ ...LIMITS, free_storage: 99 });
  expect(measured).toBe(2);
});

it('is answered as JSON', async () => {
  const house = openHouse();
  const response = await house.call('GET', '/api/paddock/limits');
  expect((await response.json()) as DeviceLimits).toEqual(LIMITS);
  expect((await house.call('POST', '/api/paddock/limits', {})).status).toBe(405);
  house.close();
});
