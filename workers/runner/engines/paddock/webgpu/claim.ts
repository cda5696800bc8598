/** A model's buffers on the adapter, all of them before the first byte of the file is read. */
import { PaddockError } from '#core/errors';
import { isOutOfMemory, refusedMemory } from '../load/refused-memory';
import { halfOf } from '../load/smaller-context';
import type { ActivationName } from './activations';
import type { Allocation, GpuDevice } from './device';
import type { GpuMatrix, Part } from './parts';
import { matricesOf, type GpuPlan } from './plan';
import type { GpuVector } from './vectors';
import type { GpuWeights, LoadedPart } from './weights';

/**
 * Buffers for the plan of `asked` tokens; with `asked` 0, of half as many as long as the adapter refuses.
 * When it throws, the device is closed.
 * @throws PaddockError `out_of_memory` (detail: needed, weights, cache, offered?), `device_lost`; what `planOf` throws
 */
export async function claimGpu(
  device: GpuDevice,
  asked: number,
  planOf: (asked: number) => GpuPlan,
): Promise<GpuWeights> {
  try {
    const plan = planOf(asked);
    const matrices = await claimMatrices(device, plan);
    const vectors = await claimVectors(device, plan);
    return await claimContext(device, plan, { asked, planOf, matrices, vectors });
  } catch (error) {
    device.close();
    throw error;
  }
}

interface Claimed {
  asked: number;
  planOf(asked: number): GpuPlan;
  matrices: Map<string, LoadedPart[]>;
  vectors: GPUBuffer[];
}

/** By name: plans of other contexts have other objects for the same matrices. */
async function claimMatrices(device: GpuDevice, plan: GpuPlan): Promise<Map<string, LoadedPart[]>> {
  const matrices = matricesOf(plan);
  const wanted = matrices.flatMap(({ name, parts }) =>
    parts.map(({ bytes }) => weight(name, bytes)),
  );
  const buffers = await allocateWeights(device, plan, wanted);
  return new Map(
    matrices.map(({ name, parts }) => [
      name,
      parts.map((part) => bindings(buffers.shift()!, part)),
    ]),
  );
}

function claimVectors(device: GpuDevice, plan: GpuPlan): Promise<GPUBuffer[]> {
  const wanted = plan.vectors.buffers.map((bytes) => weight('norms', bytes));
  return allocateWeights(device, plan, wanted);
}

function allocateWeights(
  device: GpuDevice,
  plan: GpuPlan,
  wanted: readonly Allocation[],
): Promise<GPUBuffer[]> {
  return device.allocateAll(wanted).catch((error: unknown) => {
    throw isOutOfMemory(error) ? withoutWeights(plan) : error;
  });
}

async function claimContext(
  device: GpuDevice,
  first: GpuPlan,
  claimed: Claimed,
): Promise<GpuWeights> {
  let plan = first;
  for (;;) {
    try {
      return await claimRest(device, plan, claimed);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      const half = halfOf(plan.context);
      if (!half || claimed.asked > 0) throw refusedMemory(plan, 'the graphics adapter', half);
      plan = claimed.planOf(half);
    }
  }
}

/** Caches and activations: what grows with the context, and all that is made with it. */
async function claimRest(
  device: GpuDevice,
  plan: GpuPlan,
  { matrices, vectors }: Claimed,
): Promise<GpuWeights> {
  const { keys, values } = plan.cacheBlock;
  const cached = plan.layers.flatMap(() => [room('keys', keys), room('values', values)]);
  const names = Object.keys(plan.activations) as ActivationName[];
  const others = names.map((name) => room(name, plan.activations[name]));
  const made = await device.allocateAll([...cached, ...others]);
  const caches = plan.layers.map((_, at) => ({ keys: made[2 * at]!, values: made[2 * at + 1]! }));
  const buffers = names.map((name, at) => [name, made[cached.length + at]!] as const);
  return {
    plan,
    parts: ({ name }: GpuMatrix) => matrices.get(name)!,
    vector: ({ buffer, offset, bytes }: GpuVector) => {
      return { buffer: vectors[buffer]!, offset, size: bytes };
    },
    caches,
    buffers: Object.fromEntries(buffers) as Record<ActivationName, GPUBuffer>,
  };
}

function bindings(
  buffer: GPUBuffer,
  { firstRow, rows, codes, scales, scalesAt }: Part,
): LoadedPart {
  return {
    ...{ firstRow, rows },
    codes: { buffer, offset: 0, size: codes },
    scales: scales > 0 ? { buffer, offset: scalesAt, size: scales } : undefined,
  };
}

function weight(label: string, bytes: number): Allocation {
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  return { label, bytes, usage: STORAGE | COPY_DST | COPY_SRC };
}

/** The state is bound as a uniform too; prefixes are copied out of the caches and back. */
function room(label: string, bytes: number): Allocation {
  const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = GPUBufferUsage;
  const uniform = label === 'state' ? UNIFORM : 0;
  return { label, bytes, usage: STORAGE | COPY_DST | COPY_SRC | uniform };
}

function withoutWeights({ bytes, weightBytes, cacheBytes }: GpuPlan): PaddockError {
  return new PaddockError('out_of_memory', 'The graphics adapter has no memory for the weights.', {
    ...{ needed: bytes, weights: weightBytes, cache: cacheBytes },
  });
}
