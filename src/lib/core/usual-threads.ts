/** How many threads an engine takes on the CPU where nobody asks for a number: in chats, and first of all when measured. */

/** Paddock's own engine has no room for more. */
export const PADDOCK_THREADS = 16;

/** @param logical `navigator.hardwareConcurrency`; 1 where threads may not share memory */
export function usualThreads(engine: 'paddock' | 'wllama', logical: number): number {
  // llama.cpp's threads spin while they wait, so one thread more than there are free cores is a cliff (18.7 tokens/s
  // becomes 1 on two cores beside a busy neighbour).
  if (engine === 'wllama') return Math.max(1, Math.min(8, Math.floor(logical / 2)));
  // Up to four cores all help; beyond, half are often the second threads of a core, or slow ones.
  return Math.max(1, Math.min(PADDOCK_THREADS, logical <= 4 ? logical : Math.max(4, logical >> 1)));
}
