/** How fast one thread multiplies a matrix by a vector. */
import { COLUMNS, ROWS } from './matrix';

/**
 * `run(rows, width)` for a width in bytes, a multiple of 64: the vector at 0, the product at 4,096, the matrix at
 * 8,192, row by row; four sums of four lanes each, as our kernels have. Exports its memory too.
 */
const MODULE =
  'AGFzbQEAAAABBgFgAn9/AAMCAQAFAwEAUAcQAgZtZW1vcnkCAANydW4AAArsAQHpAQIDfwR7QYDAACECQYAgIQMDQP0MAAAAAAAAAAAA' +
  'AAAAAAAAACEFIAUhBiAFIQcgBSEIQQAhBANAIAUgBP0ABAAgAv0ABAD95gH95AEhBSAGIAT9AAQQIAL9AAQQ/eYB/eQBIQYgByAE/QAE' +
  'ICAC/QAEIP3mAf3kASEHIAggBP0ABDAgAv0ABDD95gH95AEhCCACQcAAaiECIARBwABqIQQgBCABSQ0ACyAFIAb95AEgByAI/eQB/eQB' +
  'IQUgAyAF/R8AIAX9HwGSIAX9HwIgBf0fA5KSOAIAIANBBGohAyAAQQFrIgANAAsL';

/** Milliseconds: long enough for the timers that browsers make coarse. */
const LONG_ENOUGH = 100;

/** Multiplications a second; 0 without SIMD, with which no engine runs on the processor either. */
export function cpuRate(): number {
  const { memory, run } = multiplier() ?? {};
  if (!memory || !run) return 0;
  new Float32Array(memory.buffer).fill(1);
  run(ROWS, COLUMNS * 4); // the first is compiled on the way
  const started = performance.now();
  let rounds = 0;
  let passed = 0;
  while (passed < LONG_ENOUGH) {
    run(ROWS, COLUMNS * 4);
    rounds++;
    passed = performance.now() - started;
  }
  return (rounds * ROWS * COLUMNS * 1000) / passed;
}

interface Multiplier {
  memory: WebAssembly.Memory;
  run(rows: number, width: number): void;
}

/** Null where the browser does not take it. */
export function multiplier(): Multiplier | null {
  const bytes = Uint8Array.from(atob(MODULE), (letter) => letter.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return exports as unknown as Multiplier;
}
