/** The memory's bandwidth, by a worker that ends with it. */
import { afterEach, expect, it } from 'vitest';
import { Caller } from '#core/caller';
import type { MeasureMethods } from '#core/methods';

const workers: Worker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

it('is read on one thread and on all of them', { timeout: 30_000 }, async () => {
  const url = new URL('../../workers/host/limits/main.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  workers.push(worker);
  const { wasm, gpu } = await new Caller<MeasureMethods>(worker).call('bandwidth', null).result;
  console.log(JSON.stringify({ wasm, gpu }));
  const cores = Math.min(navigator.hardwareConcurrency, 16);
  expect(wasm.map(({ threads }) => threads)).toEqual([...new Set([1, cores])]);
  // Any machine that runs a browser, and none that there is.
  for (const { read } of wasm) {
    expect(read).toBeGreaterThan(0.2e9);
    expect(read).toBeLessThan(5e12);
  }
  // This browser has no adapter.
  expect(gpu).toBeNull();
});
