/** The decoder of a model's first layers, over the buffers and by the pipelines of the whole one. */
import { buildPrograms } from '../build';
import type { Building } from '../building';
import { GpuDecoder, type GpuDecoderParts } from '../decoder';

/** What it does to the caches and buffers is overwritten by the next evaluation from position 0. */
export async function firstLayers(
  building: Building,
  parts: Omit<GpuDecoderParts, 'weights' | 'programs'>,
  layers: number,
): Promise<GpuDecoder> {
  const { plan, weights } = building;
  const first = { ...plan, spec: { ...plan.spec, layers }, layers: plan.layers.slice(0, layers) };
  const few = { ...weights, plan: first, caches: weights.caches.slice(0, layers) };
  const programs = await buildPrograms({ ...building, plan: first, weights: few });
  return new GpuDecoder({ ...parts, weights: few, programs });
}
