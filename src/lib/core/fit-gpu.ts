/** Whether a GGUF model fits the graphics adapter with our own engine, by what that plans there (`paddock/webgpu/plan.ts`). */
import {
  CHUNK,
  largestContext,
  perToken,
  rowBytes,
  SMALLEST,
  vocabularyOf,
  WANTED,
  withStorage,
  type Fit,
  type FitModel,
  type FitSum,
} from '#core/fit';
import { graphicsMemory } from '#core/graphics-memory';
import type { Lack } from '#core/mlc/needs';
import type { AdapterLimits, DeviceLimits } from '#core/paddock-api';

/** What `model` would claim with a context of `context` tokens. */
export function gpuSum(model: FitModel, context: number): FitSum {
  const cachePerToken = keysAndValues(model);
  // Logits, and beside each what a workgroup found best; the angles of each position.
  const compute =
    rowBytes(model, CHUNK.paddock) +
    12 * vocabularyOf(model) +
    4 * context * (model.shape?.headSize ?? 128);
  const cache = cachePerToken * context;
  return {
    ...{ context, weights: model.size, cache, cachePerToken, compute },
    total: model.size + cache + compute,
    byShape: model.shape !== undefined,
  };
}

/**
 * The verdict on `model`. Where memory runs out the engine takes half of the context by itself, so what fits with a
 * smaller one does.
 * @param stored true: its files are here, so no storage is needed
 */
export function fitGpu(model: FitModel, limits: DeviceLimits, stored = false): Fit {
  const { certain, possible } = graphicsMemory(limits);
  const sumOf = (context: number) => gpuSum(model, context);
  const wanted = Math.min(WANTED, model.context, mostTokens(model, limits.adapter));
  const answer = (verdict: Fit['verdict'], sum: FitSum, missing = 0) => {
    const fit = { verdict, sum, memory: certain, graphics: 'paddock' as const };
    return withStorage(fit, missing, model.size, limits, stored);
  };
  const whole = sumOf(wanted);
  if (whole.total <= certain) return answer('fits', whole);
  const smaller = largestContext(sumOf, wanted, certain);
  if (smaller) return answer('smaller', smaller);
  const least = sumOf(Math.min(SMALLEST, wanted));
  if (least.total <= possible) return answer('unknown', whole.total <= possible ? whole : least);
  return answer('no', least, least.total - possible);
}

/**
 * What the adapter (null: there is none) lacks for `model`; null where it has all. Matrices are cut to its limits, so
 * only the keys of one layer have to fit a binding.
 */
export function lackOfGpu(model: FitModel, adapter: AdapterLimits | null): Lack | null {
  if (!adapter) return { missing: 'adapter' };
  if (mostTokens(model, adapter) >= SMALLEST) return null;
  const needed = keysOfLayer(model) * SMALLEST;
  return { missing: 'maxStorageBufferBindingSize', needed, given: largestBinding(adapter) };
}

function mostTokens(model: FitModel, adapter: AdapterLimits | null): number {
  return adapter ? Math.floor(largestBinding(adapter) / keysOfLayer(model)) : Infinity;
}

function largestBinding({ max_binding, max_buffer }: AdapterLimits): number {
  return Math.min(max_binding, max_buffer);
}

/** One token's, in 16-bit floats, as llama.cpp has them. */
function keysAndValues(model: FitModel): number {
  return perToken(model, 'wllama');
}

/** One token's; without a shape all layers' count, which is too much by far and fits all the same. */
function keysOfLayer(model: FitModel): number {
  return keysAndValues(model) / (2 * (model.shape?.layers ?? 1));
}
