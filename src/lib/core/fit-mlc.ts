/** Whether an MLC model fits this machine: by what web-llm lists for it, against memory that no browser tells. */
import type { MlcModel, MlcVariant } from '#core/catalogue/mlc';
import { withStorage, type Fit, type FitSum } from '#core/fit';
import { graphicsMemory } from '#core/graphics-memory';
import type { DeviceLimits } from '#core/paddock-api';

/** What the sum needs to know of a model; each variant is another context, or batch, of the same weights. */
export interface MlcFitModel {
  /** Bytes of all files. */
  size: number;
  /** Tokens that it was trained for, of a variant that names none. */
  context: number;
  variants: MlcModel['variants'];
}

/**
 * The verdict on `model`, run by web-llm. No browser tells an adapter's memory, and many adapters share the device's:
 * half of that is counted as there. Where not even that is told, a model fits if web-llm marks it for small devices
 * and it needs no more than half of what could be reserved.
 * @param stored true: its files are here, so no storage is needed
 */
export function fitMlc(model: MlcFitModel, limits: DeviceLimits, stored = false): Fit {
  const { certain, possible } = graphicsMemory(limits);
  const certainFor = ({ lowResource }: MlcVariant) =>
    limits.device_memory !== null || lowResource ? certain : 0;
  const largestFirst = [...model.variants].sort((a, b) => b.memory - a.memory);
  const least = largestFirst.at(-1)!;
  const answer = (verdict: Fit['verdict'], variant: MlcVariant, missing = 0) => {
    const fit = { verdict, sum: sumOf(model, variant), memory: certainFor(variant) };
    return withStorage({ ...fit, graphics: 'webllm' }, missing, model.size, limits, stored);
  };
  const fitting = largestFirst.find((variant) => variant.memory <= certainFor(variant));
  if (fitting) {
    // Those of an embedding model differ in their batch, and not in their context.
    const smaller = (fitting.context ?? 0) < (largestFirst[0]!.context ?? 0);
    return answer(smaller ? 'smaller' : 'fits', fitting);
  }
  const perhaps = largestFirst.find(({ memory }) => memory <= possible);
  if (perhaps) return answer('unknown', perhaps);
  return answer('no', least, least.memory - possible);
}

/** web-llm says the whole; the weights are known about. */
function sumOf({ size, context }: MlcFitModel, variant: MlcVariant): FitSum {
  const weights = Math.min(size, variant.memory);
  return {
    context: variant.context ?? context,
    weights,
    cache: 0,
    cachePerToken: 0,
    compute: variant.memory - weights,
    total: variant.memory,
    byShape: false,
  };
}
