/** `/api/paddock/limits`. */
import { expect, it } from 'vitest';
import type { MeasuredLimits } from '#core/methods';
import type { DeviceLimits } from '#core/paddock-api';
import { limitsReader } from '../../workers/host/limits/limits';
import { largestMemory } from '../../workers/host/limits/measure';
import { ADAPTER } from '../fixtures/device-report';
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
  const { read } = limitsReader(
    () =>
      measured++ === 0
        ? Promise.reject(new Error('no worker'))
        : Promise.resolve({ limits: LIMITS, failed: {} }),
    () => Promise.resolve(free--),
  );
  await expect(read()).rejects.toThrow('no worker');
  expect(await read()).toEqual({ ...LIMITS, free_storage: 100 });
  expect(await read()).toEqual({ ...LIMITS, free_storage: 99 });
  expect(measured).toBe(2);
});

/** A reader of a browser with a software adapter, and what each measurement was told of an earlier contest. */
function softwareReader(answers: (() => Promise<MeasuredLimits>)[]) {
  const told: (boolean | null)[] = [];
  const reader = limitsReader(
    (slow) => answers[told.push(slow) - 1]!(),
    () => Promise.resolve(null),
  );
  return { told, ...reader };
}

function found(slow: boolean): Promise<MeasuredLimits> {
  const adapter = { ...ADAPTER.limits, software: true, slow };
  return Promise.resolve({ limits: { ...LIMITS, adapter }, failed: {} });
}

it('the contest of adapter and CPU is held once, also by readers that ask at once and again', async () => {
  const { told, read, detailed } = softwareReader([() => found(false), () => found(false)]);
  const [first] = await Promise.all([read(), read(), detailed(true)]);
  expect(first.adapter?.slow).toBe(false);
  expect(told).toEqual([null, false]);
  await read();
  expect(told).toHaveLength(2);
});

it('why a contest did not end is told as long as its outcome counts', async () => {
  const failed = { contest: 'it had not ended after 2 s' };
  const { detailed } = softwareReader([
    async () => ({ ...(await found(true)), failed }),
    () => found(true),
  ]);
  expect((await detailed(false)).failed).toEqual(failed);
  expect((await detailed(true)).failed).toEqual(failed);
});

it('no contest is held before somebody asks, and one that took its worker along is lost', async () => {
  const { told, read } = softwareReader([
    () => Promise.reject(new Error('no answer for 20 s')),
    () => found(true),
  ]);
  expect(told).toEqual([]);
  await expect(read()).rejects.toThrow('no answer');
  await read();
  expect(told).toEqual([null, true]);
});

it('is answered as JSON', async () => {
  const house = openHouse();
  const response = await house.call('GET', '/api/paddock/limits');
  expect((await response.json()) as DeviceLimits).toEqual(LIMITS);
  expect((await house.call('POST', '/api/paddock/limits', {})).status).toBe(405);
  house.close();
});
