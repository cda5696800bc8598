/** How fast this device's processor reads memory from WebAssembly, as the engines on the CPU do. */
import type { Bandwidth } from '#core/bench/run';
import { Caller } from '#core/caller';
import { PAGE, readMemory, STRETCH, type Read, type ReaderMethods } from './read-memory';

const MIB = 1024 * 1024;
/** Bytes: 8 times the 32 MiB that a larger processor's cache holds. */
const MOST = 256 * MIB;
/** Where a browser has less, it is a small device with small caches. */
const LEAST = 32 * MIB;
/** As many as an engine takes at most. */
const MOST_THREADS = 16;
/**
 * Milliseconds: long beside the step of any clock, and short enough that on a busy machine some turn is left alone. On
 * two cores with a load of 14, 3 turns of 200 ms found 9 to 11 GB/s where 12 of 50 ms found 14 to 18.
 */
const TURN_MS = 50;
const TURNS = 12;

/** One thread, and all that an engine may take; the best of some turns. Empty without SIMD. */
export async function cpuBandwidth(): Promise<Bandwidth['wasm']> {
  const shared = crossOriginIsolated;
  const most = shared ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1;
  const memory = roomiest(shared);
  // What was never written is one and the same empty page, and lies in the cache.
  new Uint8Array(memory.buffer).fill(1);
  const workers = shared ? Array.from({ length: most }, startReader) : [];
  try {
    const found: Bandwidth['wasm'] = [];
    for (const threads of new Set([1, most])) {
      let best = 0;
      for (let turn = 0; turn < TURNS; turn++) {
        const all = await readTogether(memory, workers, threads);
        best = Math.max(
          best,
          all.reduce((sum, { bytes, ms }) => sum + (1000 * bytes) / ms, 0),
        );
      }
      found.push({ threads, read: best });
    }
    return found;
  } finally {
    for (const { worker } of workers) worker.terminate();
  }
}

interface Reader {
  worker: Worker;
  caller: Caller<ReaderMethods>;
}

function startReader(): Reader {
  const worker = new Worker(new URL('./reader.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-bandwidth',
  });
  return { worker, caller: new Caller<ReaderMethods>(worker) };
}

/** @param workers empty: this thread does it alone */
async function readTogether(
  memory: WebAssembly.Memory,
  workers: readonly Reader[],
  threads: number,
): Promise<Read[]> {
  const length = Math.floor(memory.buffer.byteLength / threads / STRETCH) * STRETCH;
  const share = (at: number) => ({ memory, from: at * length, length, ms: TURN_MS, threads });
  if (workers.length === 0) return [readMemory({ ...share(0), gate: null })];
  const gate = new Int32Array(new SharedArrayBuffer(4));
  return Promise.all(
    workers
      .slice(0, threads)
      .map(({ caller }, at) => caller.call('read', { ...share(at), gate }).result),
  );
}

/** The largest memory that the browser gives. @throws RangeError where it gives none */
function roomiest(shared: boolean): WebAssembly.Memory {
  for (let bytes = MOST; ; bytes /= 2) {
    try {
      return new WebAssembly.Memory({ initial: bytes / PAGE, maximum: bytes / PAGE, shared });
    } catch (error) {
      if (bytes <= LEAST) throw error;
    }
  }
}
