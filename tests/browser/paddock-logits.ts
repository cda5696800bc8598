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

let engine: Caller<ForwardMethods> | undefined;

/** One for a file's tests, since its modules take longer than a small model: each load begins anew, and is closed. */
function engineOnce(): Caller<ForwardMethods> {
  const url = new URL('./paddock-forward-worker.ts', import.meta.url);
  return (engine ??= new Caller(new Worker(url, { type: 'module' })));
}

/** After each of `tokens`, [token][vocabulary]. */
export async function logitsOf(
  weights: Blob | Blob[],
  tokens: number[],
  { threads = 1, kernels, chunk = 1 }: Settings = {},
): Promise<Float32Array[]> {
  const caller = engineOnce();
  await caller.call('load', { weights: [weights].flat(), threads, kernels }).result;
  try {
    const all: Float32Array[] = [];
    for await (const logits of caller.call('forward', { tokens, chunk })) all.push(logits);
    return all;
  } finally {
    await caller.call('close', null).result;
  }
}
