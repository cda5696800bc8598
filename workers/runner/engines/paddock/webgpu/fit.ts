/**
 * How much context an adapter can hold. No browser tells its memory: what it does not have is found when the
 * buffers are made (`claim.ts`), and here only what a single one may be.
 */
import { PaddockError } from '#core/errors';
import { AUTO_CONTEXT } from '../../auto-context';
import { gigabytes, megabytes } from '../load/refused-memory';
import { largestBelow } from '../load/smaller-context';
import { notSupported } from '../spec/faults';
import type { ModelSpec } from '../spec/model-spec';
import type { ModelTensors } from '../spec/tensors';
import { planGpu, type GpuPlan, type PlanOptions } from './plan';
import type { TooLarge } from './too-large';

/**
 * The plan for the context that was asked for, or, with `asked` 0, for as much as fits.
 * @throws PaddockError `out_of_memory` (detail: weights, cache, needed, free, offered), `not_supported`
 */
export function fitGpu(
  spec: ModelSpec,
  tensors: ModelTensors,
  asked: number,
  options: Omit<PlanOptions, 'context'>,
): GpuPlan {
  const attempt = (context: number) => planGpu(spec, tensors, { ...options, context });
  const plan = attempt(Math.min(asked || AUTO_CONTEXT, spec.contextTrained));
  if (!plan.tooLarge) return plan;
  const smaller = largestBelow(plan.context, (context) => {
    const found = attempt(context);
    return found.tooLarge ? undefined : found;
  });
  if (!smaller) throw notSupported(whyNot(plan.tooLarge));
  if (asked === 0) return smaller;
  throw refused(plan, plan.tooLarge, smaller.context);
}

function refused(
  { context, bytes, weightBytes, cacheBytes }: GpuPlan,
  { name, bytes: piece, most }: TooLarge,
  offered: number,
): PaddockError {
  return new PaddockError(
    'out_of_memory',
    `A context of ${context} tokens needs ${gigabytes(cacheBytes)} beside the weights' ` +
      `${gigabytes(weightBytes)}, and ${oneOf(name, piece, most)}: ${offered} tokens fit`,
    { needed: bytes, free: most, weights: weightBytes, cache: cacheBytes, offered },
  );
}

function whyNot({ name, bytes, most }: TooLarge): string {
  return oneOf(`"${name}"`, bytes, most);
}

function oneOf(name: string, bytes: number, most: number): string {
  return `${name} would be ${megabytes(bytes)} in one piece where the graphics adapter takes ${megabytes(most)}`;
}
