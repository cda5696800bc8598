/** One thread's share of reading a memory. */

/** Bytes of a page of WebAssembly memory. */
export const PAGE = 65_536;

/** Bytes between two looks at the clock: some 0.1 ms of reading. */
export const STRETCH = 1024 * 1024;

/** Milliseconds until a thread that others wait for is given up. */
const PATIENCE = 1000;

export interface ReadOrder {
  memory: WebAssembly.Memory;
  /** Bytes: where the share begins, and its length, a multiple of `STRETCH`. */
  from: number;
  length: number;
  /** Milliseconds to read for, over and over. */
  ms: number;
  /** Counts the threads that are there, of so many; null: this one is alone. */
  gate: Int32Array<SharedArrayBuffer> | null;
  threads: number;
}

export interface Read {
  bytes: number;
  ms: number;
}

/** For the worker that does it. */
export interface ReaderMethods {
  read: { params: ReadOrder; chunk: never; result: Read };
}

/** @throws Error when the other threads do not come */
export function readMemory({ memory, from, length, ms, gate, threads }: ReadOrder): Read {
  const readSum = reader(memory, gate !== null);
  readSum(from, length); // the first is compiled on the way
  if (gate) meet(gate, threads);
  const begun = performance.now();
  let bytes = 0;
  let passed = 0;
  while (passed < ms) {
    readSum(from + (bytes % length), STRETCH);
    bytes += STRETCH;
    passed = performance.now() - begun;
  }
  return { bytes, ms: passed };
}

function meet(gate: Int32Array<SharedArrayBuffer>, threads: number): void {
  Atomics.add(gate, 0, 1);
  Atomics.notify(gate, 0);
  for (let here = Atomics.load(gate, 0); here < threads; here = Atomics.load(gate, 0)) {
    if (Atomics.wait(gate, 0, here, PATIENCE) === 'timed-out') {
      throw new Error(`${threads - here} threads did not come`);
    }
  }
}

/**
 * The module of `kernels/assembly/bench/read-sum.ts`: `readSum(from, bytes)` adds up the words of a memory that it
 * imports, 64 bytes a turn.
 */
const MODULE =
  'AGFzbQEAAAABBwFgAn9/AX8CEgEDZW52Bm1lbW9yeQIDAYCABAMCAQAHFAIHcmVhZFN1bQAABm1lbW9yeQIACn0BewEEeyAAIAFq' +
  'IQEDQCAAIAFJBEAgAiAA/QAEAP2uASECIAMgAP0ABBD9rgEhAyAEIAD9AAQg/a4BIQQgBSAA/QAEMP2uASEFIABBQGshAAwBCwsg' +
  'AiAD/a4BIAQgBf2uAf2uASIC/RsAIAL9GwFqIAL9GwJqIAL9GwNqCw==';
/** Where it says that its memory is shared, and what it says otherwise. */
const SHARING = 32;
const OWN_MEMORY = 1;

/** @throws CompileError in a browser without SIMD */
function reader(memory: WebAssembly.Memory, shared: boolean) {
  const bytes = Uint8Array.from(atob(MODULE), (letter) => letter.charCodeAt(0));
  if (!shared) bytes[SHARING] = OWN_MEMORY;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return exports.readSum as (from: number, bytes: number) => number;
}
