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
import type { GpuMatrix } from './parts';
import { matricesOf, planGpu, type GpuPlan, type PlanOptions } from './plan';
import type { TooLarge } from './too-large';

/** Columns that kernels take at a time; only floats may come in rows of others. */
const UNIT = 32;

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
  const uneven = matricesOf(plan).find(({ columns }) => columns % UNIT !== 0);
  if (uneven) throw notSupported(unevenRows(uneven));
  if (!plan.tooLarge) return plan;
  const smaller = largestBelow(plan.context, (context) => {
    const found = attempt(context);
    return found.tooLarge ? undefined : found;
  });
  if (!smaller) throw notSupported(inOnePiece(plan.tooLarge));
  if (asked === 0) return smaller;
  throw refused(plan, plan.tooLarge, smaller.context);
}

function refused(
  { context, bytes, weightBytes, cacheBytes }: GpuPlan,
  piece: TooLarge,
  offered: number,
): PaddockError {
  return new PaddockError(
    'out_of_memory',
    `A context of ${context} tokens needs ${gigabytes(cacheBytes)} beside the weights' ` +
      `${gigabytes(weightBytes)}, and ${inOnePiece(piece)}: ${offered} tokens fit`,
    { needed: bytes, free: piece.most, weights: weightBytes, cache: cacheBytes, offered },
  );
}

function unevenRows({ name, columns }: GpuMatrix): string {
  return `the tensor “${name}” has ${columns} columns, which the graphics adapter would take ${UNIT} at a time`;
}

function inOnePiece({ name, bytes, most }: TooLarge): string {
  return `${name} takes ${megabytes(bytes)} in one piece, where the graphics adapter gives ${megabytes(most)}`;
}
