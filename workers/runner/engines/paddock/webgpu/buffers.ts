/** The decoder's own buffers, beside those that the plan has: for choosing, shifting and reading back. */
import { SHIFT_BYTES } from '../kernels/webgpu/attention/shift';
import { candidatesBytes } from '../kernels/webgpu/choosing/candidates';
import { RECENT_BYTES } from '../kernels/webgpu/choosing/recent';
import { SAMPLING_BYTES } from '../kernels/webgpu/choosing/sampling';
import type { GpuDevice } from './device';
import type { Named } from './programs';
import type { GpuWeights } from './weights';

/** Random numbers of the tokens that may be under way, and more: they are written round and round. */
export const DRAWS = 256;
/** Submits under way, and one to spare. */
const SLOTS = 3;
/** The most tokens of a submit. */
export const MOST_TOKENS = 64;

export interface OwnBuffers {
  sampling: GPUBuffer;
  recent: GPUBuffer;
  draws: GPUBuffer;
  candidates: GPUBuffer;
  shift: GPUBuffer;
  /** Mapped to read the logits. */
  readLogits: GPUBuffer;
  /** Mapped to read tokens. */
  slots: GPUBuffer[];
  bytes: number;
}

/** @throws PaddockError `out_of_memory`, `device_lost` */
export async function makeBuffers(gpu: GpuDevice, vocabulary: number): Promise<OwnBuffers> {
  const { UNIFORM, STORAGE, COPY_DST, MAP_READ } = GPUBufferUsage;
  const wanted = [
    { label: 'sampling', bytes: SAMPLING_BYTES, usage: UNIFORM | COPY_DST },
    { label: 'recent', bytes: RECENT_BYTES, usage: STORAGE | COPY_DST },
    { label: 'draws', bytes: 4 * DRAWS, usage: STORAGE | COPY_DST },
    { label: 'candidates', bytes: candidatesBytes(vocabulary), usage: STORAGE },
    { label: 'shift', bytes: SHIFT_BYTES, usage: UNIFORM | COPY_DST },
    { label: 'logits read', bytes: 4 * vocabulary, usage: COPY_DST | MAP_READ },
    ...Array.from({ length: SLOTS }, (_, at) => ({
      ...{ label: `tokens read ${at}`, bytes: 4 * MOST_TOKENS, usage: COPY_DST | MAP_READ },
    })),
  ];
  const made = await gpu.allocateAll(wanted);
  const [sampling, recent, draws, candidates, shift, readLogits, ...slots] = made;
  return {
    ...{ sampling: sampling!, recent: recent!, draws: draws!, candidates: candidates! },
    ...{ shift: shift!, readLogits: readLogits!, slots },
    bytes: wanted.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Those that kernels bind. */
export function namedBuffers({ buffers }: GpuWeights, own: OwnBuffers): Named {
  const { sampling, recent, draws, candidates, shift } = own;
  const all = { ...buffers, sampling, recent, draws, candidates, shift };
  return Object.fromEntries(Object.entries(all).map(([name, buffer]) => [name, { buffer }]));
}
