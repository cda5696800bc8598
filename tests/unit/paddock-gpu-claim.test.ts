/** A claim that the adapter has no memory for, whatever it is that finds none: the error has the arithmetic. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PaddockError } from '#core/errors';
import { claimGpu } from '../../workers/runner/engines/paddock/webgpu/claim';
import type { Allocation, GpuDevice } from '../../workers/runner/engines/paddock/webgpu/device';
import { planGpu } from '../../workers/runner/engines/paddock/webgpu/plan';
import { randomFile } from '../fixtures/random-file';

const LIMITS = { buffer: 2 ** 32, binding: 2 ** 31, workgroupStorage: 32_768, invocations: 256 };

beforeEach(() => {
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 1, COPY_DST: 2, COPY_SRC: 4, UNIFORM: 8 });
});
afterEach(() => void vi.unstubAllGlobals());

/** On a device that has no memory for what is labelled so. */
async function claim(label: string, asked: number) {
  const { spec, tensors } = await randomFile({});
  const planOf = (context: number) =>
    planGpu(spec, tensors, { context: context || 600, cache: 'f16', chunk: 64, limits: LIMITS });
  const close = vi.fn();
  const device: Pick<GpuDevice, 'allocateAll' | 'close'> = {
    close,
    async allocateAll(wanted: readonly Allocation[]) {
      if (!wanted.some((each) => each.label === label)) return wanted.map(() => ({}) as GPUBuffer);
      throw new PaddockError('out_of_memory', 'The adapter has not so much.', { needed: 1 });
    },
  };
  const error: unknown = await claimGpu(device as GpuDevice, asked, planOf).catch(
    (reason: unknown) => reason,
  );
  expect(close).toHaveBeenCalledTimes(1);
  const { bytes, weightBytes, cacheBytes } = planOf(asked);
  return { error, sizes: { needed: bytes, weights: weightBytes, cache: cacheBytes } };
}

it.each([
  ['blk.0.ffn_down.weight', 0],
  ['norms', 0],
  ['norms', 2000],
  ['keys', 0],
  ['stream', 0],
] as const)('of %s, with a context of %i', async (label, asked) => {
  const { error, sizes } = await claim(label, asked);
  expect(error).toMatchObject({ code: 'out_of_memory' });
  expect((error as PaddockError).detail).toEqual(sizes);
});

it.each(['keys', 'stream'])('of %s, and half of what was asked for is offered', async (label) => {
  const { error, sizes } = await claim(label, 2000);
  expect((error as PaddockError).detail).toEqual({ ...sizes, offered: 768 });
});
