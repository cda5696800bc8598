/** One memory of a loaded model, with its instance of the kernels and what lies in it. */
import type { KernelExports } from '../kernels/instantiate';
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

/** @returns false when a helper thread is dead */
export function runPart(parts: readonly Part[], index: number, run: Run): boolean {
  const first = parts[0]!;
  const { kernels, plan } = parts[index]!;
  const { program, from, to, tokens, position, threads } = run;
  kernels.plan(plan.control, program, from, to, tokens, position, threads);
  first.kernels.call(first.plan.control, index, threads);
  return kernels.work(plan.control, plan.threads[0]!.own, 0) !== 0;
}
