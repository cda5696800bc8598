/** Random numbers for tokens that the device chooses: written round and round, each token's at its step. */
import { DRAWS } from './buffers';

/** Draws `count` numbers by `uniform`, for the tokens from `step` on. */
export function writeDraws(
  queue: GPUQueue,
  draws: GPUBuffer,
  step: number,
  count: number,
  uniform: () => number,
): void {
  const at = step % DRAWS;
  const here = Math.min(count, DRAWS - at);
  const numbers = Float32Array.from({ length: count }, uniform);
  queue.writeBuffer(draws, 4 * at, numbers, 0, here);
  if (here < count) queue.writeBuffer(draws, 0, numbers, here);
}
