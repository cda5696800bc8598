/** The comparison with the CPU on a real device: sound kernels stay far below the bounds, spoilt ones do not. */
import type { PaddockError } from '#core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  matmulVariants,
  matvecVariants,
} from '../../workers/runner/engines/paddock/kernels/webgpu/products';
import type { WeightsReader } from '../../workers/runner/engines/paddock/load/reader';
import { buildPrograms } from '../../workers/runner/engines/paddock/webgpu/build';
import type { Building } from '../../workers/runner/engines/paddock/webgpu/building';
import { KernelSet } from '../../workers/runner/engines/paddock/webgpu/kernel-set';
import { makeReady } from '../../workers/runner/engines/paddock/webgpu/ready';
import {
  productKey,
  usesBytes,
  usesF16,
  type Variants,
} from '../../workers/runner/engines/paddock/webgpu/variants';
import { boundOf } from '../../workers/runner/engines/paddock/webgpu/trust/compare';
import { firstLayers } from '../../workers/runner/engines/paddock/webgpu/trust/first-layers';
import { compare } from '../../workers/runner/engines/paddock/webgpu/trust/trust';
import { buildingOf, type Spoil } from '../fixtures/gpu-building';
import { loadRandom, readerOf } from '../fixtures/gpu-load';
import { oneDevice } from '../fixtures/gpu-shaders';
import { randomFile, withLargeKeys, type RandomFile } from '../fixtures/random-file';
import type { WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';

oneDevice();
const never = new AbortController().signal;
type Loaded = Awaited<ReturnType<typeof loadRandom>>;

async function errorsOf(
  file: RandomFile,
  { device, weights }: Loaded,
  spoil?: Spoil,
  variants?: Variants,
) {
  const { building, parts } = await buildingOf(device, weights, { spoil, variants });
  const decoder = await firstLayers(building, parts, 2);
  const { spec, tensors, header } = file;
  const rounding = { cache: weights.plan.options.cache, int8: false, f16: false };
  const steps = await compare(decoder, {
    ...{ spec, tensors, rounding, signal: never },
    ...{ reader: readerOf(file.bytes), dataOffset: header.dataOffset },
  });
  return steps.map(({ error }) => error);
}

/** As Q4_K_M has it. */
const mixed = (tensor: string): WeightType =>
  /attn_v|ffn_down|output\.weight|token_embd/.test(tensor) ? 'Q6_K' : 'Q4_K';

/** Few and small shaders; K types have blocks of 256 columns. */
const SMALL = { layers: 3, hidden: 64, feedForward: 128, heads: 4, keyValueHeads: 2, headSize: 32 };

const MODELS: [ModelOptions, 'f16' | 'q8'][] = [
  [{ architecture: 'qwen3', type: 'Q8_0', size: SMALL }, 'q8'],
  [{ architecture: 'qwen2', type: mixed, tied: true }, 'f16'],
];

const farBelow = (cache: 'f16' | 'q8') => boundOf({ cache, int8: false, f16: false }) / 3;

it.each(MODELS)(
  'sound kernels are far below the bound: %j, cache of %s',
  async (options, cache) => {
    const other = await randomFile(options);
    const small = await loadRandom(other, { context: 512, cache });
    const errors = await errorsOf(other, small);
    small.device.close();
    for (const error of errors) expect(error).toBeLessThan(farBelow(cache));
  },
);

it('keys that f16 rounds by much are no fault', async () => {
  const small = await randomFile({ architecture: 'qwen2', type: 'Q8_0', size: SMALL });
  const large = withLargeKeys(small, 200);
  const one = await loadRandom(large, { context: 512 });
  const errors = await errorsOf(large, one);
  one.device.close();
  for (const error of errors) expect(error).toBeLessThan(farBelow('f16'));
});

let file: RandomFile;
let loaded: Loaded;
beforeAll(async () => {
  file = await randomFile({ type: 'Q4_0', size: SMALL });
  loaded = await loadRandom(file, { context: 512 });
});
afterAll(() => loaded.device.close());

describe('spoilt kernels', () => {
  /** In kernels whose label has it: the text, and what takes its place. */
  const CASES: [what: string, label: RegExp, from: RegExp, to: string][] = [
    ['a product 2 % too large', /^matvec.*add/, /\+= value;/, '+= 1.02 * value;'],
    ['a product of a prompt 2 % too large', /^matmul.*add/, /\+= value;/, '+= 1.02 * value;'],
    [
      'four rows of nothing',
      /^matmul.*gated/,
      /(fn put[^{]*\{)/,
      '$1 if (row / 4u == 5u) { return; }',
    ],
    ['32 columns left out', /^matvec.*gated/, /(share = lane; share < )2u/, '$11u'],
    ['a head with its neighbour’s query', /^attend f16/, /min\(firstRow \+ row, 1u\)/, '0u'],
    ['a value that is no number', /^matvec.*gated/, /exp\(-gate\)/, 'sqrt(-1.0 - gate * gate)'],
  ];

  it('and the same ones unspoilt', async () => {
    for (const error of await errorsOf(file, loaded)) expect(error).toBeLessThan(farBelow('f16'));
  });

  it.each(CASES)('%s', async (_, label, from, to) => {
    let spoilt = 0;
    const errors = await errorsOf(file, loaded, (kernel) => {
      if (!label.test(kernel.label) || !from.test(kernel.code)) return kernel.code;
      spoilt++;
      return kernel.code.replace(from, to);
    });
    expect(spoilt).toBeGreaterThan(0);
    const bound = boundOf({ cache: 'f16', int8: false, f16: false });
    expect(errors.every((error) => error <= bound)).toBe(false);
  });
});

describe('a load', () => {
  /** What has to be made ready, with what is written down of it and read of the file. */
  async function readying(
    { device, weights }: Loaded,
    spoil?: Spoil,
    choose: (building: Building) => Variants = () => ({}),
  ) {
    const { building, parts } = await buildingOf(device, weights, { spoil });
    const programs = await buildPrograms(building);
    const variants = choose(building);
    const kernels = new KernelSet(building.kernels.pipelines, device.features, variants);
    const notes = new Map<string, unknown>();
    let reads = 0;
    const plain = readerOf(file.bytes);
    const reader: WeightsReader = {
      ...plain,
      bytes(offset, length) {
        reads++;
        return plain.bytes(offset, length);
      },
    };
    const load = () =>
      makeReady(
        { building: { ...building, kernels }, programs, variants },
        {
          parts,
          read: { ...file, reader },
          notes: {
            read: (key) => notes.get(key),
            write: (key, value) => void notes.set(key, value),
          },
          ...{ tunes: false, checks: true, signal: never },
        },
      );
    return { load, notes, reads: () => reads };
  }

  it('compares once, and remembers that the device is sound', async () => {
    const { load, notes, reads } = await readying(loaded);
    const built = await load();
    expect(built.variants).toEqual({});
    expect([...notes.keys()]).toEqual([`trust ${loaded.device.key}`]);
    expect(reads()).toBeGreaterThan(0);
    const before = reads();
    await load();
    expect(reads()).toBe(before);
  });

  it('is refused where the device computes wrong', async () => {
    const { load, notes } = await readying(loaded, ({ code }) =>
      code.replace('+= value;', '+= 1.1 * value;'),
    );
    const error = await load().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'no_gpu', detail: { missing: 'adapter', wrong: true } });
    expect((error as PaddockError).detail.report).toContain(loaded.device.adapter);
    expect(notes.size).toBe(0);
  });

  it('goes on without products of integers where they alone are wrong', async () => {
    const spoil: Spoil = ({ code }) => code.replaceAll('dot4I8Packed(words.low.x, x.low.x)', '7');
    const { load, notes } = await readying(loaded, spoil, bytesEverywhere);
    const { variants, programs } = await load();
    expect(variants).toEqual({ matvec: {}, matmul: {} });
    expect(programs.token).toHaveLength(3 * 6);
    expect([...notes.keys()].sort()).toEqual(
      ['trust', 'tune'].map((what) => `${what} ${loaded.device.key}`),
    );
  });

  it('takes products of integers where they are right', async () => {
    const { load } = await readying(loaded, undefined, bytesEverywhere);
    const { variants } = await load();
    expect(usesBytes(variants)).toBe(true);
  });

  it('takes products in f16 where they are right, and goes on without where they alone are wrong', async (test) => {
    test.skip(!loaded.device.features.f16, 'This adapter has no shader-f16.');
    const sound = await readying(loaded, undefined, f16Everywhere);
    const { variants, building } = await sound.load();
    expect(usesF16(variants)).toBe(true);
    const bound = boundOf({ cache: 'f16', int8: false, f16: true });
    for (const error of await errorsOf(file, loaded, undefined, f16Everywhere(building))) {
      expect(error).toBeLessThan(bound / 2);
    }
    const spoil: Spoil = ({ code }) => code.replaceAll('fma(weight0_0, ', 'fma(1.1h * weight0_0, ');
    const wrong = await readying(loaded, spoil, f16Everywhere);
    expect((await wrong.load()).variants).toEqual({ matvec: {}, matmul: {} });
  });
});

function bytesEverywhere({ kernels }: Building): Variants {
  const { products, features } = kernels;
  const ways = products.matvecs.flatMap((product) => {
    const way = matvecVariants(product, features).find(({ int8 }) => int8);
    return way ? [[productKey(product), way] as const] : [];
  });
  return { matvec: Object.fromEntries(ways) };
}

function f16Everywhere({ kernels }: Building): Variants {
  const { products, features } = kernels;
  const ways = products.matmuls.flatMap((product) => {
    const way = matmulVariants(product, features).find(({ kind }) => kind === 'f16 tiles');
    return way ? [[productKey(product), way] as const] : [];
  });
  return { matmul: Object.fromEntries(ways) };
}
