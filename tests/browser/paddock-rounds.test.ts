/** Fifty loads and fifty cancels: helper threads and memory back at their base, and the engine as it was. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Caller } from '#core/caller';
import { randomModel } from '../fixtures/random-model';
import type { RoundsMethods } from './paddock-rounds-worker';

const ROUNDS = 50;

const weights = new Blob([randomModel({ type: 'Q4_0' }) as Uint8Array<ArrayBuffer>]);
let worker: Worker;
let caller: Caller<RoundsMethods>;

beforeEach(() => {
  worker = new Worker(new URL('./paddock-rounds-worker.ts', import.meta.url), { type: 'module' });
  caller = new Caller(worker);
});
afterEach(() => worker.terminate());

it('leaves nothing behind after fifty loads', { timeout: 120_000 }, async () => {
  const texts = await caller.call('loads', { weights, rounds: ROUNDS }).result;
  expect(texts).toHaveLength(ROUNDS);
  expect(new Set(texts).size).toBe(1);
  await nothingLeft();
});

it('leaves nothing behind after fifty cancels', { timeout: 120_000 }, async () => {
  const [before] = await caller.call('loads', { weights, rounds: 1 }).result;
  const stopped = await caller.call('cancels', { weights, rounds: ROUNDS }).result;
  // The last of eight moments may come when all is done; the first cannot.
  expect(stopped.loads).toBeGreaterThan(ROUNDS / 8);
  expect(stopped.replies).toBeGreaterThan(ROUNDS / 8);
  await expect(caller.call('loads', { weights, rounds: 1 }).result).resolves.toEqual([before]);
  await nothingLeft();
});

async function nothingLeft(): Promise<void> {
  // One memory may be held by the frame that ran last.
  await expect
    .poll(async () => (await caller.call('left', null).result).held, { timeout: 60_000 })
    .toBeLessThanOrEqual(1);
  const left = await caller.call('left', null).result;
  expect(left.alive).toBe(0);
  // What was counted is what ran: two threads are one helper.
  expect(left.started).toBeGreaterThan(1);
  expect(left.memories).toBeGreaterThan(1);
}
