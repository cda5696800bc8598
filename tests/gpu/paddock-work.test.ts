/** What our engine asks of the graphics device for a token and a prompt: exact, so that nothing creeps in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SamplingOptions } from '#core/engine';
import { callsBetween, type GpuCalls } from '../fixtures/gpu-counter';
import { randomModel } from '../fixtures/random-model';
import type { ModelOptions } from '../fixtures/random-model/options';
import { smallVocabulary } from '../fixtures/random-model/vocabulary';
import { load, startEngine, type GpuEngine } from './paddock-engine';

/** Tokens of a submit, and bytes that are read of each. */
const TOGETHER = 4;
const ID_BYTES = 4;
/** Of the number by which a token is drawn. */
const DRAW_BYTES = 4;
/** Tokens over which the mean is taken: whole submits. */
const TOKENS = 8 * TOGETHER;
/** Tokens of the prompt that are evaluated at once. */
const CHUNK = 64;

const SIZE = { hidden: 64, feedForward: 128, heads: 2, keyValueHeads: 1, headSize: 32 };

const GREEDY: SamplingOptions = { temperature: 0 };

/** Ways to choose a token, by the dispatches behind the layers; the last one is the embedding of the token. */
const WAYS: { of: string; options: SamplingOptions; behind: number; writes: number }[] = [
  { of: 'greedy', options: GREEDY, behind: 3, writes: 0 },
  { of: 'drawn', options: { temperature: 1, seed: 1 }, behind: 4, writes: 1 },
  {
    ...{ of: 'drawn with penalties', behind: 5, writes: 1 },
    options: { temperature: 1, seed: 1, repeat_penalty: 1.1 },
  },
];

const NOTHING_MADE = { buffersMade: 0, bindGroups: 0, modules: 0, pipelines: 0 };

/** The second as files of several types are: v and down are of another type, and q, k and v have biases. */
const MODELS: { of: string; layers: number; options: ModelOptions }[] = [
  { of: 'a Llama of 2 layers', layers: 2, options: { type: 'Q4_0' } },
  {
    ...{ of: 'a Qwen 2 of 3 layers and two types', layers: 3 },
    options: {
      architecture: 'qwen2',
      type: (name) => (/attn_v|ffn_down/.test(name) ? 'Q8_0' : 'Q4_0'),
    },
  },
];

describe.each(MODELS)('$of', ({ layers, options: model }) => {
  let gpu: GpuEngine;
  let engine: GpuEngine['caller'];
  beforeAll(async () => {
    gpu = startEngine('empty shaders');
    engine = gpu.caller;
    const file = randomModel({ ...model, size: { ...SIZE, layers } });
    const settings = { tokensPerSubmit: TOGETHER, submitMs: Infinity };
    const options = { num_ctx: 1200, num_gpu: -1 };
    await load(gpu, new Blob([Uint8Array.from(file)]), { options, settings });
  }, 60_000);
  afterAll(() => gpu.end());

  /** What a reply of `tokens` tokens to a prompt of `depth` asks for; prompts begin alike. */
  async function calls(depth: number, tokens: number, options: SamplingOptions): Promise<GpuCalls> {
    const before = await engine.call('work', null).result;
    const prompt = Array.from({ length: depth }, (_, at) => 10 + ((7 * at) % 300));
    const call = engine.call('complete', {
      prompt,
      options: { ...options, num_predict: tokens, ignore_eos: true },
    });
    for await (const chunk of call) {
      if (chunk.type === 'final') expect(chunk.evalTokens).toBe(tokens);
    }
    return callsBetween(before, await engine.call('work', null).result);
  }

  it.each([10, 1000])('asks the same for each token behind %i others', async (depth) => {
    await calls(depth, 1, GREEDY); // from now on the prompt is in the cache
    for (const { of, options, behind, writes } of WAYS) {
      const first = await calls(depth, 1, options);
      const all = await calls(depth, 1 + TOKENS, options);
      const each = 1 / TOGETHER;
      expect(callsBetween(first, all, TOKENS), of).toEqual({
        dispatches: 6 * layers + behind,
        ...{ passes: each, encoders: each, submits: each, copies: each, maps: each },
        readBytes: ID_BYTES,
        ...{ writes: writes * each, writtenBytes: writes * DRAW_BYTES },
        ...NOTHING_MADE,
        waits: 0,
      });
    }
  });

  it('reads all logits of each token where the sampler has to choose, and makes nothing for it', async () => {
    const asked = { ...GREEDY, logprobs: true };
    await calls(10, 1, GREEDY);
    const first = await calls(10, 1, asked);
    const all = await calls(10, 1 + TOKENS, asked);
    expect(callsBetween(first, all, TOKENS)).toMatchObject({
      dispatches: 6 * layers + 2,
      ...{ passes: 2, submits: 2, maps: 1 },
      readBytes: 4 * smallVocabulary().tokens.length,
      ...NOTHING_MADE,
    });
  });

  it('asks the same for each chunk of a prompt, and makes nothing for it', async () => {
    const again = { ...GREEDY, cache_prompt: false };
    const choice = 3;
    const chunk = 8 * layers + 1;
    for (const [depth, chunks] of [
      [CHUNK, 1],
      [3 * CHUNK, 3],
      [3 * CHUNK + 2, 4],
    ] as const) {
      expect(await calls(depth, 1, again), `${depth} tokens`).toMatchObject({
        dispatches: chunks * chunk + choice,
        ...{ maps: 1, readBytes: ID_BYTES },
        ...NOTHING_MADE,
      });
    }
  });
});
