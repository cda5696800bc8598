/** The comparison with the CPU on a real device: sound kernels stay far below the bounds, spoilt ones do not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundOf } from '../../workers/runner/engines/paddock/webgpu/trust/compare';
import { firstLayers } from '../../workers/runner/engines/paddock/webgpu/trust/first-layers';
import { compare } from '../../workers/runner/engines/paddock/webgpu/trust/trust';
import { buildingOf, type Spoil } from '../fixtures/gpu-building';
import { loadRandom, randomFile, readerOf, type RandomFile } from '../fixtures/gpu-load';
import type { WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';

const never = new AbortController().signal;
type Loaded = Awaited<ReturnType<typeof loadRandom>>;

async function errorsOf(file: RandomFile, { device, weights }: Loaded, spoil?: Spoil) {
  const { building, parts } = await buildingOf(device, weights, { spoil });
  const decoder = await firstLayers(building, parts, 2);
  const { spec, tensors, header } = file;
  const rounding = { cache: weights.plan.options.cache, int8: false };
  const steps = await compare(decoder, {
    ...{ spec, tensors, rounding, signal: never },
    ...{ reader: readerOf(file.bytes), dataOffset: header.dataOffset },
  });
  return steps.map(({ error }) => error);
}

/** As Q4_K_M has it. */
const mixed = (tensor: string): WeightType =>
  /attn_v|ffn_down|output\.weight|token_embd/.test(tensor) ? 'Q6_K' : 'Q4_K';

const MODELS: ModelOptions[] = [
  { type: 'Q4_0', size: { layers: 3 } },
  { architecture: 'qwen2', type: mixed, tied: true },
  { architecture: 'qwen3', type: 'Q8_0' },
];

describe.each(MODELS)('sound kernels: %j', (options) => {
  it.each(['f16', 'q8'] as const)('with a cache of %s', async (cache) => {
    const file = await randomFile(options);
    const loaded = await loadRandom(file, { context: 512, cache });
    const errors = await errorsOf(file, loaded);
    loaded.device.close();
    console.log(`${JSON.stringify(options)} ${cache}: ${errors.map((e) => e.toExponential(2)).join(' ')}`);
    for (const error of errors) expect(error).toBeLessThan(boundOf({ cache, int8: false }) / 3);
  });
});

describe('spoilt kernels', () => {
  let file: RandomFile;
  let loaded: Loaded;
  beforeAll(async () => {
    file = await randomFile({ type: 'Q4_0' });
    loaded = await loadRandom(file, { context: 512 });
  });
  afterAll(() => loaded.device.close());

  /** In kernels whose label has it: the text, and what takes its place. */
  const CASES: [what: string, label: RegExp, from: RegExp, to: string][] = [
    ['a product 2 % too large', /^matvec.*add/, /\+= value;/, '+= 1.02 * value;'],
    ['a product of a prompt 2 % too large', /^matmul.*add/, /\+= value;/, '+= 1.02 * value;'],
    ['four rows of nothing', /^matmul.*gated/, /(fn put[^{]*\{)/, '$1 if (row / 4u == 5u) { return; }'],
    ['32 columns left out', /^matvec.*gated/, /(unit = lane; unit < )8u/, '$17u'],
    ['a head with its neighbour’s query', /^attend f16/, /min\(firstRow \+ row, 1u\)/, '0u'],
    ['a value that is no number', /^matvec.*gated/, /exp\(-gate\)/, 'sqrt(-1.0 - gate * gate)'],
  ];

  it.each(CASES)('%s', async (_, label, from, to) => {
    let spoilt = 0;
    const errors = await errorsOf(file, loaded, (kernel) => {
      if (!label.test(kernel.label) || !from.test(kernel.code)) return kernel.code;
      spoilt++;
      return kernel.code.replace(from, to);
    });
    console.log(`${_}: ${errors.map((e) => e.toExponential(2)).join(' ')}`);
    expect(spoilt).toBeGreaterThan(0);
    const bound = boundOf({ cache: 'f16', int8: false });
    expect(errors.every((error) => error <= bound)).toBe(false);
  });
});
