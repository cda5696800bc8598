/** How much context fits beside the weights, and the arithmetic in words where it does not. */
import { PaddockError } from '#core/errors';
import { AUTO_CONTEXT } from '../../auto-context';
import { planMemory, type MemoryPlan, type PlanOptions } from '../memory/plan';
import { dealOut, type Share } from '../memory/share';
import type { ModelSpec } from '../spec/model-spec';
import { notSupported } from '../spec/faults';
import type { ModelTensors } from '../spec/tensors';
import { gigabytes } from './refused-memory';
import { largestBelow } from './smaller-context';

const GIB = 1024 ** 3;

/** Bytes. */
export interface Limits {
  /** Of one memory: 32-bit addresses reach 4 GiB, and engines keep some of it for themselves. */
  memory: number;
  /** Of all of a model's: Chromium's processes stop at 16 GiB on most systems. */
  model: number;
}

const LIMITS: Limits = { memory: 3.5 * GIB, model: 14 * GIB };

export interface Fit {
  /** Tokens. */
  context: number;
  /** One a memory. */
  parts: { share: Share; plan: MemoryPlan }[];
  /** Bytes of all parts. */
  bytes: number;
  weightBytes: number;
  cacheBytes: number;
}

/**
 * The plan for the context that was asked for, or, with `asked` 0, for as much as fits.
 * @throws PaddockError `out_of_memory` (detail: weights, cache, needed, free, offered), `not_supported`
 */
export function fitContext(
  spec: ModelSpec,
  tensors: ModelTensors,
  asked: number,
  options: Omit<PlanOptions, 'context'>,
  limits = LIMITS,
): Fit {
  const attempt = (context: number) => planParts(spec, tensors, { ...options, context }, limits);
  const wanted = Math.min(asked || AUTO_CONTEXT, spec.contextTrained);
  const plan = attempt(wanted);
  if (plan.fits) return plan;
  const smaller = largestBelow(wanted, (context) => {
    const smallerPlan = attempt(context);
    return smallerPlan.fits ? smallerPlan : undefined;
  });
  if (!smaller) throw notSupported(whyNot(plan, limits));
  if (asked === 0) return smaller;
  throw refused(plan, limits, smaller.context);
}

/** A fit, or what it would take. */
interface Attempt extends Fit {
  fits: boolean;
}

function planParts(
  spec: ModelSpec,
  tensors: ModelTensors,
  options: PlanOptions,
  limits: Limits,
): Attempt {
  const planOf = (share: Share) => planMemory(spec, share, options);
  const whole = planOf(tensors);
  const shares =
    whole.bytes <= limits.memory
      ? [tensors]
      : (dealOut(tensors, limits.memory, (share) => planOf(share).bytes) ?? []);
  const parts = shares.map((share) => ({ share, plan: planOf(share) }));
  const plans = parts.length === 0 ? [whole] : parts.map(({ plan }) => plan);
  const bytes = sum(plans.map((plan) => plan.bytes));
  return {
    fits: parts.length > 0 && bytes <= limits.model,
    context: options.context,
    parts,
    bytes,
    weightBytes: sum(plans.map((plan) => plan.weightBytes)),
    cacheBytes: sum(plans.map((plan) => plan.cacheBytes)),
  };
}

function refused(plan: Attempt, limits: Limits, offered: number): PaddockError {
  const { context, bytes, weightBytes, cacheBytes } = plan;
  const bound =
    plan.parts.length > 0
      ? `a tab has ${gigabytes(limits.model)}`
      : `each layer must fit one memory of ${gigabytes(limits.memory)}`;
  return new PaddockError(
    'out_of_memory',
    `A context of ${context} tokens needs ${gigabytes(cacheBytes)} beside the weights' ` +
      `${gigabytes(weightBytes)}, and ${bound}: ${offered} tokens fit`,
    { needed: bytes, free: limits.model, weights: weightBytes, cache: cacheBytes, offered },
  );
}

function whyNot({ parts, bytes }: Attempt, limits: Limits): string {
  return parts.length > 0
    ? `it needs ${gigabytes(bytes)}, and a tab has ${gigabytes(limits.model)}`
    : `a layer with its cache, or the embedding with the output, needs more than ${gigabytes(limits.memory)}`;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
