/** One memory of a loaded model, with its instance of the kernels and what lies in it. */
import type { KernelExports } from '../kernels/instantiate';
import { CTL_FAULT, CTL_PHASE } from '../kernels/program-layout';
import type { MemoryPlan } from './plan';
import type { Share } from './share';

export interface Part {
  share: Share;
  plan: MemoryPlan;
  memory: WebAssembly.Memory;
  kernels: KernelExports;
}

/** A run of some ops of one part; the helpers are called at the first part. */
export interface Run {
  program: number;
  from: number;
  to: number;
  tokens: number;
  position: number;
  threads: number;
}

/**
 * The threads that wait, or pack, stop at once; nothing can be run any more.
 * To be called when one of them is lost, and at the end: a terminated worker runs on for a while.
 */
export function poison(parts: readonly Pick<Part, 'memory' | 'plan'>[]): void {
  for (const { memory, plan } of parts) {
    const words = new Int32Array(memory.buffer);
    Atomics.store(words, (plan.control + CTL_FAULT) / 4, 1);
    Atomics.notify(words, (plan.control + CTL_PHASE) / 4);
  }
}

/** @returns false when a helper thread is dead */
export function runPart(parts: readonly Part[], index: number, run: Run): boolean {
  const first = parts[0]!;
  const { kernels, plan } = parts[index]!;
  const { program, from, to, tokens, position, threads } = run;
  kernels.plan(plan.control, program, from, to, tokens, position, threads);
  first.kernels.call(first.plan.control, index, threads);
  return kernels.work(plan.control, plan.threads[0]!.own, 0) !== 0;
}
