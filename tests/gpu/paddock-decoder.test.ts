/** The forward pass on the adapter, on small random models: every architecture against the float64 reference. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reference } from '../fixtures/reference/forward';
import type { WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';
import type { GpuEngineSettings } from '../../workers/runner/engines/paddock/gpu-engine';
import { forward, load, startEngine, tinyModel, type GpuEngine } from './paddock-engine';

let engine: GpuEngine;
beforeAll(() => {
  engine = startEngine('one device');
});
afterAll(() => engine.end());

function loaded(file: Uint8Array<ArrayBuffer>, settings: GpuEngineSettings = {}) {
  const exact = { cache: 'f32', ...settings } as const;
  return load(engine, new Blob([file]), { options: { num_ctx: 320 }, settings: exact });
}

const tokensOf = (count: number) => Array.from({ length: count }, (_, at) => 3 + ((at * 37) % 340));

/** The largest difference of two logits, in the reference's largest. */
function distance(reference: Float64Array, logits: Float32Array): number {
  let [largest, most] = [0, 0];
  reference.forEach((value, id) => {
    most = Math.max(most, Math.abs(value));
    const difference = Math.abs(value - logits[id]!);
    // NaN is larger than nothing: it must not get lost here.
    if (!(difference <= largest)) largest = difference;
  });
  return largest / most;
}

/** What rounding to float32 costs at most, by far. */
const EXACT = 1e-3;

/** As Q4_K_M has it: the more sensitive matrices, and the output, in Q6_K. */
const mixed = (tensor: string): WeightType =>
  /attn_v|ffn_down|output\.weight|token_embd/.test(tensor) ? 'Q6_K' : 'Q4_K';
/** Each of queries, keys and values, and each of gate and up, in a type of its own. */
const motley = (tensor: string): WeightType => {
  const types = { attn_q: 'Q4_0', attn_k: 'Q5_1', attn_v: 'F16', ffn_gate: 'Q4_1', ffn_up: 'BF16' };
  const found = Object.entries(types).find(([name]) => tensor.includes(name));
  return (found?.[1] ?? 'Q5_0') as WeightType;
};
/** Every matrix in whole blocks of the K types. */
const WIDE = { hidden: 256, feedForward: 256, heads: 8 };

const CASES: [string, ModelOptions, GpuEngineSettings?][] = [
  ['llama, mixed as in Q4_K_M', { type: mixed, seed: 1, size: WIDE }],
  ['llama, a type for each matrix', { type: motley, seed: 2 }],
  ['Llama 3, factors of rope', { type: 'F32', ropeFactors: true, ropeBase: 500_000, seed: 3 }],
  ['llama, linear scaling', { type: 'Q8_0', ropeScaling: 4, seed: 4 }],
  ['qwen2', { type: 'Q5_1', architecture: 'qwen2', seed: 5 }],
  ['qwen2, tied, mixed', { type: mixed, architecture: 'qwen2', tied: true, seed: 6, size: WIDE }],
  ['qwen3', { type: 'F16', architecture: 'qwen3', seed: 7 }],
  ['qwen3, tied', { type: 'Q4_1', architecture: 'qwen3', tied: true, seed: 8 }],
  [
    'llama, without subgroups and products of 8 bits',
    { type: 'Q4_0', seed: 9 },
    { without: ['subgroups', 'dot8'] },
  ],
  [
    'qwen3, a key head for each query head, fewer columns than the stream has',
    {
      type: 'Q5_0',
      architecture: 'qwen3',
      seed: 12,
      size: { heads: 4, keyValueHeads: 4, headSize: 8 },
    },
  ],
  [
    'qwen2, groups of three heads that are no power of two wide',
    {
      type: 'Q8_0',
      architecture: 'qwen2',
      seed: 13,
      size: { heads: 12, keyValueHeads: 4, headSize: 24 },
    },
  ],
  // Every matrix in two parts or more, and its activations in one binding.
  [
    'qwen2, all matrices in parts',
    { architecture: 'qwen2', seed: 10, size: WIDE },
    { limits: { binding: 140_000 } },
  ],
  [
    'llama, tied, its embedding in parts',
    { type: 'Q8_0', tied: true, seed: 11, size: { hidden: 512 } },
    { limits: { binding: 135_000 } },
  ],
];

/** On a software adapter shaders take seconds to compile: every other case, all with PADDOCK_LONG. */
const { PADDOCK_GPU, PADDOCK_LONG } = import.meta.env as Record<string, string>;
const TAKEN = CASES.filter((_, at) => PADDOCK_GPU === 'real' || PADDOCK_LONG || at % 2 === 0);

describe('logits are those of the reference', () => {
  it.for(TAKEN)('%s', { timeout: 120_000 }, async ([, options, settings]) => {
    const file = tinyModel(options);
    await loaded(file, settings);
    const tokens = tokensOf(21);
    const reference = await Reference.load(file);
    const all = reference.all(tokens);
    const runs = [17, 1, 2, 1];
    let end = 0;
    for (const [at, logits] of (await forward(engine, tokens, runs)).entries()) {
      end += runs[at]!;
      expect(distance(all[end - 1]!, logits), `after ${end} tokens`).toBeLessThan(EXACT);
    }
    const params = { tokens, most: 6, options: { temperature: 0 } };
    const chosen = await engine.caller.call('choose', params).result;
    expect(chosen).toEqual(greedy(reference, all.at(-1)!, 6));
  });
});

describe('one model', () => {
  const options: ModelOptions = { type: 'Q8_0', seed: 20 };

  it('reads prompts of any length, and chooses as the reference does', async () => {
    const file = tinyModel(options);
    await loaded(file);
    const reference = await Reference.load(file);
    const tokens = tokensOf(300);
    const all = reference.all(tokens);
    for (const length of [1, 31, 32, 33, 300]) {
      const [logits] = await forward(engine, tokens.slice(0, length), [length]);
      expect(distance(all[length - 1]!, logits!), `${length} tokens`).toBeLessThan(EXACT);
    }
    const params = { tokens, most: 11, options: { temperature: 0 } };
    const chosen = await engine.caller.call('choose', params).result;
    expect(chosen).toEqual(greedy(reference, all.at(-1)!, 11));
  });

  it.for([
    ['f16', 1e-2],
    ['q8', 3e-2],
  ] as const)('rounds keys and values as %s', async ([cache, most]) => {
    const file = tinyModel(options);
    await loaded(file, { cache });
    const tokens = tokensOf(70);
    const reference = (await Reference.load(file)).all(tokens);
    const [chunk, single] = await forward(engine, tokens, [69, 1]);
    for (const [at, logits] of [chunk, single].entries()) {
      const off = distance(reference[68 + at]!, logits!);
      expect(off).toBeLessThan(most);
      expect(off).toBeGreaterThan(1e-5);
    }
  });

  it('drops positions as if they had never been, where layers do not carry them on', async () => {
    const file = tinyModel({ ...options, size: { layers: 1 } });
    await loaded(file);
    const tokens = tokensOf(100);
    const params = { tokens, from: 5, to: 47, next: 11 };
    const logits = await engine.caller.call('shifted', params).result;
    const rest = [...tokens.slice(0, 5), ...tokens.slice(47), 11];
    const reference = (await Reference.load(file)).all(rest);
    expect(distance(reference.at(-1)!, logits)).toBeLessThan(EXACT);
  });

  it('goes on with the next variant of a shader that does not compile, and tells', async () => {
    const file = tinyModel(options);
    const { dropped } = await loaded(file, { variants: { attend: { workgroup: 1 << 20 } } });
    const tokens = tokensOf(3);
    const reference = (await Reference.load(file)).all(tokens);
    const [logits] = await forward(engine, tokens, [1]);
    expect(distance(reference[0]!, logits!)).toBeLessThan(EXACT);
    expect(dropped).toEqual(['attend f32']);
  });
});

/** The likeliest tokens behind those that `reference` has, the first by `logits`. */
function greedy(reference: Reference, logits: Float64Array, count: number): number[] {
  const tokens = [largest(logits)];
  while (tokens.length < count) tokens.push(largest(reference.next(tokens.at(-1)!)));
  return tokens;
}

function largest(values: Float64Array): number {
  return values.reduce((best, value, id) => (value > values[best]! ? id : best), 0);
}
