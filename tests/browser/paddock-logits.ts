/** Our CPU engine's logits, out of a worker of its own. */
import { Caller } from '#core/caller';
import type { KernelSet } from '../../workers/runner/engines/paddock/kernels/instantiate';
import type { ForwardMethods } from './paddock-forward-worker';

export interface Settings {
  threads?: number;
  kernels?: KernelSet;
  /** Tokens that are evaluated together. */
  chunk?: number;
}

/** After each of `tokens`, [token][vocabulary]. */
export async function logitsOf(
  weights: Blob | Blob[],
  tokens: number[],
  { threads = 1, kernels, chunk = 1 }: Settings = {},
): Promise<Float32Array[]> {
  const url = new URL('./paddock-forward-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  try {
    const caller = new Caller<ForwardMethods>(worker);
    await caller.call('load', { weights: [weights].flat(), threads, kernels }).result;
    const all: Float32Array[] = [];
    for await (const logits of caller.call('forward', { tokens, chunk })) all.push(logits);
    await caller.call('close', null).result;
    return all;
  } finally {
    worker.terminate();
  }
}
