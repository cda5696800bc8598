/** How fast this machine reads memory, on one thread and on several: what bounds a token where reading is all. */
import { Worker } from 'node:worker_threads';
import { readSum } from './read-sum';

/** Bytes: three times what the larger caches hold. */
const BYTES = 96 * 1024 * 1024;
const PASSES = 20;

/** Reads its part over and over when all threads are there, and says how many milliseconds it took. */
const CODE = `
const { workerData: { bytes, memory, start, length, threads, control }, parentPort } = require('node:worker_threads');
WebAssembly.instantiate(bytes, { env: { memory } }).then(({ instance: { exports: { readSum } } }) => {
  readSum(start, length);
  Atomics.add(control, 0, 1);
  while (Atomics.load(control, 0) < threads);
  const began = performance.now();
  for (let pass = 0; pass < ${PASSES}; pass++) readSum(start, length);
  parentPort.postMessage(performance.now() - began);
});`;

/** GB/s of all threads together: the best of `rounds`. */
export async function readBandwidth(threads: number, rounds: number): Promise<number> {
  const bytes = await readSum();
  const pages = BYTES / 65_536 + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new Uint8Array(memory.buffer).fill(1);
  const length = BYTES / threads;
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const control = new Int32Array(new SharedArrayBuffer(4));
    const times = await Promise.all(
      Array.from({ length: threads }, (_, index) => {
        const start = 65_536 + index * length;
        const workerData = { bytes, memory, start, length, threads, control };
        const worker = new Worker(CODE, { eval: true, workerData });
        return new Promise<number>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
        });
      }),
    );
    best = Math.max(best, (BYTES * PASSES) / Math.max(...times) / 1e6);
  }
  return best;
}
