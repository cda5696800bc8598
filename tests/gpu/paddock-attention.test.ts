/** Attention's kernels against float64, on whatever adapter there is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attendVariants,
  defaultAttend,
} from '../../workers/runner/engines/paddock/kernels/webgpu/attention/attend';
import {
  cacheBytes,
  type AttentionShape,
} from '../../workers/runner/engines/paddock/kernels/webgpu/attention/shape';
import { farthest } from '../fixtures/attention-reference';
import { GpuAttention } from '../fixtures/gpu-attention';
import { attended, inputs } from '../fixtures/gpu-attention-reference';
import { kernelBench, type KernelBench } from '../fixtures/gpu-kernel-bench';

const SMALL: AttentionShape = {
  ...{ heads: 6, keyValueHeads: 2, headSize: 64, pairs: 32 },
  ...{ context: 160, cache: 'f32', split: 32 },
};
const PLAIN = { f16: false, dot8: false, subgroup: 0 };

/** Largest differences: of sums in f32, and of an integer or f16 that falls on the other side of a half. */
const CLOSE = { f32: 1e-5, f16: 1e-4, q8: 3e-3 };

let bench: KernelBench;
beforeAll(async () => {
  bench = await kernelBench(['subgroups']);
});
afterAll(() => bench.device.destroy());

/** Tokens of `rows` in chunks of those lengths. */
async function prefilled(gpu: GpuAttention, rows: Float32Array[], lengths: number[]) {
  const out: number[][] = [];
  for (const length of lengths) {
    out.push(...(await gpu.prefill(rows.slice(out.length, out.length + length), out.length)));
  }
  return out;
}

describe.each([
  { name: 'f32', shape: SMALL, features: PLAIN },
  { name: 'f16', shape: { ...SMALL, cache: 'f16' }, features: PLAIN },
  { name: 'q8', shape: { ...SMALL, cache: 'q8' }, features: PLAIN },
  { name: 'subgroups', shape: SMALL, features: { ...PLAIN, subgroup: 4 } },
  {
    name: 'head norm, a part of rope, no group',
    shape: { ...SMALL, keyValueHeads: 6, headSize: 40, pairs: 11, headNorm: 1e-3 },
    features: PLAIN,
  },
  {
    name: 'seven heads of 80 on one',
    shape: { ...SMALL, heads: 7, keyValueHeads: 1, headSize: 80, pairs: 40, cache: 'f16' },
    features: { ...PLAIN, subgroup: 4 },
  },
  {
    name: 'ten heads of 32 on one: in turns',
    shape: { ...SMALL, heads: 10, keyValueHeads: 1, headSize: 32, pairs: 16 },
    features: { ...PLAIN, subgroup: 4 },
  },
  {
    name: 'three heads of 256 with a norm',
    shape: { ...SMALL, heads: 3, keyValueHeads: 1, headSize: 256, headNorm: 1e-6, cache: 'q8' },
    features: { ...PLAIN, subgroup: 4 },
  },
] as { name: string; shape: AttentionShape; features: typeof PLAIN }[])(
  '$name',
  ({ shape, features }) => {
    const { rows, headNorms } = inputs(shape, 130);
    const expected = (position: number) =>
      attended(shape, headNorms, rows.slice(0, position), rows[position]!);
    let gpu: GpuAttention;
    let prefill: number[][];
    beforeAll(async () => {
      gpu = new GpuAttention(bench, shape, features, defaultAttend(shape), headNorms);
      prefill = await prefilled(gpu, rows, [1, 33, 64, 31]);
    });

    it('reads prompts in chunks, from the beginning and behind others', () => {
      expect(prefill).toHaveLength(129);
      prefill.forEach((token, at) =>
        expect(farthest(token, expected(at)), `${at}`).toBeLessThan(CLOSE[shape.cache]),
      );
    });

    it('does a token as the prompt did it, at the edges of splits too', async () => {
      for (const position of [0, 1, 31, 32, 33, 63, 64, 127, 128, 129]) {
        const token = await gpu.decode(rows[position]!, position);
        expect(farthest(token, expected(position)), `${position}`).toBeLessThan(CLOSE[shape.cache]);
      }
    });
  },
);
