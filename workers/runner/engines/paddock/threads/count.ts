/** How many threads are started for a model. */
import { MAX_THREADS } from '../kernels/program-layout';

/**
 * @param asked Ollama's `num_thread`; 0: choose
 * @param logical `navigator.hardwareConcurrency`
 * @param isolated whether the page may share memory between threads
 */
export function threadCount(asked: number, logical: number, isolated: boolean): number {
  if (!isolated) return 1;
  if (asked > 0) return Math.min(asked, MAX_THREADS);
  // Up to four cores all help; beyond, half are often the second threads of a core, or slow ones.
  return Math.max(1, Math.min(MAX_THREADS, logical <= 4 ? logical : Math.max(4, logical >> 1)));
}
