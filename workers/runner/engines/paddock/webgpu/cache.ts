/** How attention's kernels see a plan, and so what keys and values take. */
import type { AttentionShape, GpuCache } from '../kernels/webgpu/attention/shape';
import type { ModelSpec } from '../spec/model-spec';

/** f32 is for proofs. */
export type CacheKind = GpuCache;

interface Cached {
  context: number;
  cache: CacheKind;
  split?: number;
}

/** Positions that one workgroup of a token's attention takes, when nobody says. */
const SPLIT = 128;

export function attentionShape(
  { heads, keyValueHeads, headSize, rope, headNorm, normEpsilon }: ModelSpec,
  { context, cache, split = SPLIT }: Cached,
): AttentionShape {
  return {
    ...{ heads, keyValueHeads, headSize, context, cache, split },
    pairs: rope.dimensions / 2,
    ...(headNorm && { headNorm: normEpsilon }),
  };
}
