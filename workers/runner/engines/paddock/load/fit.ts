/** How much context fits beside the weights, and the arithmetic in words where it does not. */
import { PaddockError } from '#core/errors';
import { planMemory, type MemoryPlan, type PlanOptions } from '../memory/plan';
import { dealOut, type Share } from '../memory/share';
import type { ModelSpec } from '../spec/model-spec';
import { notSupported } from '../spec/read-spec';
import type { ModelTensors } from '../spec/tensors';

const GIB = 1024 ** 3;

/** Tokens of context when nobody asks for a number: Ollama's default below 23 GiB of memory. */
const AUTO_CONTEXT = 4096;
/** Tokens below which a chat is of no use. */
const SMALLEST_AUTO = 512;

/** Bytes. */
export interface Limits {
  /** Of one memory: 32-bit addresses reach 4 GiB, and engines keep some of it for themselves. */
  memory: number;
  /** Of all of a model's: Chromium's processes stop at 16 GiB on most systems. */
  model: number;
}

export const LIMITS: Limits = { memory: 3.5 * GIB, model: 14 * GIB };

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
  const wanted = attempt(Math.min(asked || AUTO_CONTEXT, spec.contextTrained));
  if (wanted.bytes <= limits.model) return wanted;

  const { weightBytes, cacheBytes, bytes, context } = wanted;
  const left = limits.model - (bytes - cacheBytes);
  const offered = Math.floor(left / (cacheBytes / context) / 256) * 256;
  if (offered < SMALLEST_AUTO) {
    throw notSupported(`it needs ${gigabytes(bytes)}, and a tab has ${gigabytes(limits.model)}`);
  }
  if (asked === 0) return attempt(offered);
  throw new PaddockError(
    'out_of_memory',
    `A context of ${context} tokens needs ${gigabytes(cacheBytes)} beside the weights' ` +
      `${gigabytes(weightBytes)}, and a tab has ${gigabytes(limits.model)}: ${offered} tokens fit`,
    { needed: bytes, free: limits.model, weights: weightBytes, cache: cacheBytes, offered },
  );
}

function planParts(
  spec: ModelSpec,
  tensors: ModelTensors,
  options: PlanOptions,
  limits: Limits,
): Fit {
  const planOf = (share: Share) => planMemory(spec, share, options);
  const whole = planOf(tensors);
  const shares =
    whole.bytes <= limits.memory
      ? [tensors]
      : dealOut(tensors, limits.memory, (share) => planOf(share).bytes);
  if (!shares) {
    throw notSupported(`one layer with its cache needs more than ${gigabytes(limits.memory)}`);
  }
  const parts = shares.map((share) => ({ share, plan: planOf(share) }));
  const sum = (of: (plan: MemoryPlan) => number) =>
    parts.reduce((total, { plan }) => total + of(plan), 0);
  return {
    context: options.context,
    parts,
    bytes: sum((plan) => plan.bytes),
    weightBytes: sum((plan) => plan.weightBytes),
    cacheBytes: sum((plan) => plan.cacheBytes),
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
