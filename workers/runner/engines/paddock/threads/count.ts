/** How many threads are started for a model. */
import { usualThreads } from '#core/usual-threads';
import { MAX_THREADS } from '../kernels/program-layout';

/**
 * @param asked Ollama's `num_thread`; 0: choose
 * @param logical `navigator.hardwareConcurrency`
 * @param isolated whether the page may share memory between threads
 */
export function threadCount(asked: number, logical: number, isolated: boolean): number {
  if (!isolated) return 1;
  if (asked > 0) return Math.min(asked, MAX_THREADS);
  return usualThreads('paddock', logical);
}
