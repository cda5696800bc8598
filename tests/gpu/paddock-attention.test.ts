/** Attention's kernels against float64, on whatever adapter there is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attendVariants } from '../../workers/runner/engines/paddock/kernels/webgpu/attention/attend';
import { chunkVariants } from '../../workers/runner/engines/paddock/kernels/webgpu/attention/attend-chunk';
import {
  prefixBytes,
  prefixRanges,
} from '../../workers/runner/engines/paddock/kernels/webgpu/attention/prefix';
import {
  cacheBytes,
  type AttentionShape,
  type GpuCache,
} from '../../workers/runner/engines/paddock/kernels/webgpu/attention/shape';
import { farthest } from '../fixtures/attention-reference';
import { GpuAttention } from '../fixtures/gpu-attention';
import { inputs, reference } from '../fixtures/gpu-attention-reference';
import { kernelBench, type KernelBench } from '../fixtures/gpu-kernel-bench';

const SMALL: AttentionShape = {
  ...{ heads: 6, keyValueHeads: 2, headSize: 64, pairs: 32 },
  ...{ context: 160, cache: 'f32', split: 32 },
};
/** 22 columns of four: no whole number for each of the lanes that share a key. */
const ODD = { headSize: 88, pairs: 30 };
const PLAIN = { f16: false, dot8: false, subgroup: 0 };
const FOURS = { ...PLAIN, subgroup: 4 };
const CACHES: GpuCache[] = ['f32', 'f16', 'q8'];

/** Largest differences: of sums in f32, and of a share or f16 that falls on the other side of a half. */
const CLOSE = { f32: 1e-5, f16: 1e-4, q8: 3e-3 };
/** Where a key that was rounded is turned, and rounded again. */
const TURNED = { f32: 1e-5, f16: 1e-3, q8: 1e-2 };

/** With the fewest lanes, which software compiles soonest, unless `variant` tells which of the lists. */
async function attentionOn(
  shape: AttentionShape,
  headNorms: Float32Array,
  features = PLAIN,
  variant?: number,
) {
  const from = <V extends { workgroup: number }>(all: V[]) =>
    variant === undefined
      ? all.reduce((least, one) => (one.workgroup < least.workgroup ? one : least))
      : all[variant]!;
  const variants = { attend: from(attendVariants(shape)), chunk: from(chunkVariants(shape)) };
  return new GpuAttention(bench, shape, features, variants, headNorms).compile();
}

/** The rows as prompts of those lengths, one behind the other. */
async function prefilled(gpu: GpuAttention, rows: Float32Array[], lengths: number[]) {
  const out: number[][] = [];
  for (const length of lengths) {
    out.push(...(await gpu.prefill(rows.slice(out.length, out.length + length), out.length)));
  }
  return out;
}

let bench: KernelBench;
beforeAll(async () => {
  bench = await kernelBench(['subgroups']);
});
afterAll(() => bench.device.destroy());

describe.each<{
  name: string;
  change: Partial<AttentionShape>;
  features?: typeof PLAIN;
  variant?: number;
}>([
  // Compiled once for these and for what moves in their caches.
  { name: 'f32', change: ODD },
  { name: 'f16', change: { ...ODD, cache: 'f16' } },
  { name: 'q8', change: { ...ODD, cache: 'q8' } },
  { name: 'the default variants', change: {}, variant: 0 },
  { name: 'wide workgroups of subgroups', change: { split: 64 }, features: FOURS, variant: 1 },
  {
    name: 'head norm, a part of rope, no group',
    change: { keyValueHeads: 6, headSize: 40, pairs: 11, headNorm: 1e-3 },
  },
  {
    name: 'seven heads of 80 on one',
    change: { heads: 7, keyValueHeads: 1, headSize: 80, pairs: 40, cache: 'f16' },
    features: FOURS,
  },
  {
    name: 'ten heads on one, in turns',
    change: { heads: 10, keyValueHeads: 1, headSize: 16, pairs: 8 },
    features: FOURS,
  },
  {
    name: 'three heads of 256 with a norm',
    change: { heads: 3, keyValueHeads: 1, headSize: 256, headNorm: 1e-6, cache: 'q8' },
    features: FOURS,
  },
])('$name', ({ change, features, variant }) => {
  const shape = { ...SMALL, ...change };
  const { rows, headNorms } = inputs(shape, 130);
  const expected = reference(shape, rows, headNorms);
  let gpu: GpuAttention;
  let prompt: number[][];
  beforeAll(async () => {
    gpu = await attentionOn(shape, headNorms, features, variant);
    prompt = await prefilled(gpu, rows, [1, 33, 64, 31]);
  });

  it('reads prompts, from the beginning and behind others', () => {
    expect(prompt).toHaveLength(129);
    const off = prompt.map((token, at) => farthest(token, expected(at)));
    expect(
      farthest(
        off,
        off.map(() => 0),
      ),
    ).toBeLessThan(CLOSE[shape.cache]);
  });

  it('does a token as the prompt did it, at the edges of splits too', async () => {
    for (const position of [0, 1, 31, 32, 33, 64, 127, 129]) {
      const token = await gpu.decode(rows[position]!, position);
      const off = farthest(token, expected(position));
      expect(off, `${position}`).toBeLessThan(CLOSE[shape.cache]);
    }
  });
});

it('merges more splits than one lane takes', async () => {
  const shape = { ...SMALL, heads: 1, keyValueHeads: 1, headSize: 32, pairs: 16, context: 1100 };
  const { rows, headNorms } = inputs(shape, 1100);
  const gpu = await attentionOn(shape, headNorms);
  await prefilled(
    gpu,
    rows,
    Array.from({ length: 17 }, () => 64),
  );
  const expected = reference(shape, rows, headNorms);
  for (const position of [1088, 40, 700]) {
    const token = await gpu.decode(rows[position]!, position);
    expect(farthest(token, expected(position)), `${position}`).toBeLessThan(CLOSE.f32);
  }
});

describe.each(CACHES)('a cache of %s', (cache) => {
  const shape = { ...SMALL, ...ODD, cache };
  const { rows, headNorms } = inputs(shape, 129);

  it.each([
    { name: 'by less than a step', from: 10, to: 13, end: 128 },
    { name: 'by more than what moves', from: 5, to: 80, end: 125 },
  ])('moves $name, and turns as if it had always been there', async ({ from, to, end }) => {
    const gpu = await attentionOn(shape, headNorms);
    await prefilled(gpu, rows, [64, 64]);
    await gpu.shift(from, to, end);
    const moved = [...rows.slice(0, from), ...rows.slice(to, end), rows[128]!];
    const position = moved.length - 1;
    const token = await gpu.decode(rows[128]!, position);
    const expected = reference(shape, moved, headNorms)(position);
    expect(farthest(token, expected)).toBeLessThan(TURNED[cache]);
  });

  it('gives out a prefix as ranges, and goes on with them elsewhere', async () => {
    const gpu = await attentionOn(shape, headNorms);
    await prefilled(gpu, rows, [64]);
    const length = 41;
    for (const name of ['keys', 'values'] as const) {
      const whole = new Uint8Array(await bench.read(name));
      const kept = new Uint8Array(whole.length).fill(255);
      for (const { offset, bytes } of prefixRanges(shape, length)[name]) {
        kept.set(whole.subarray(offset, offset + bytes), offset);
      }
      bench.set(name, kept);
    }
    const token = await gpu.decode(rows[length]!, length);
    const expected = reference(shape, rows, headNorms)(length);
    expect(farthest(token, expected)).toBeLessThan(CLOSE[cache]);
  });
});

it('takes the bytes that its kinds promise', () => {
  const bytes = (cache: GpuCache, headSize: number) => {
    const shape = { ...SMALL, cache, headSize, context: 4096 };
    const { keys, values } = cacheBytes(shape);
    expect(prefixBytes(shape, 4096)).toBe(keys + values);
    return keys + values;
  };
  expect(bytes('f32', 64)).toBe(4096 * 2 * 2 * 64 * 4);
  expect(bytes('f16', 64)).toBe(bytes('f32', 64) / 2);
  expect(bytes('q8', 64) / bytes('f16', 64)).toBeLessThan(0.53);
  expect(bytes('q8', 256) / bytes('f16', 256)).toBeLessThan(0.51);
});
