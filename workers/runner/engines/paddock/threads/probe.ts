/** Finds how many threads are fastest, by running the first layers of the model a few times with each number. */
import { PaddockError } from '#core/errors';
import { runPart, type Part } from '../memory/part';
import { LAYER_OPS } from '../kernels/program-layout';

/** Milliseconds of one round: long against a thread's wake-up, short against a load. */
const ROUND = 1.5;
const ROUNDS = 2;
/** A larger number must be this much faster: threads that bring nothing take cores from others. */
const GAIN = 1.05;

/** @returns 1…most */
export function probeThreads(parts: readonly Part[], most: number): number {
  if (most === 1) return 1;
  const { plan, share } = parts[0]!;
  const time = (threads: number, to: number) => {
    const started = performance.now();
    const run = { program: plan.forward, from: 0, to, tokens: 1, position: 0, threads };
    if (!runPart(parts, 0, run)) {
      throw new PaddockError('engine_failed', 'A helper thread of the engine does not answer.');
    }
    return performance.now() - started;
  };
  const all = 1 + LAYER_OPS * share.layers.length;
  let ops = Math.min(all, 1 + 2 * LAYER_OPS);
  while (ops < all && time(1, ops) < ROUND) ops = Math.min(all, ops * 2);

  const best = { threads: 1, time: Infinity };
  for (const threads of candidates(most)) {
    const least = Math.min(...Array.from({ length: ROUNDS }, () => time(threads, ops)));
    if (least * GAIN < best.time) Object.assign(best, { threads, time: least });
  }
  return best.threads;
}

/** 1, 2, 4 … and the most. */
function candidates(most: number): number[] {
  const numbers = [];
  for (let number = 1; number < most; number *= 2) numbers.push(number);
  return [...numbers, most];
}
