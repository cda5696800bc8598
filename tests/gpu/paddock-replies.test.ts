/** Whole replies on the adapter: prefixes, shifts, choices, formats, cancels, and the loss of the device. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineInfo, Format, LoadProgress, SamplingOptions } from '#core/engine';
import type { PaddockError } from '#core/errors';
import { isValid } from '../fixtures/json-validator';
import { complete, load, startEngine, tinyModel, type GpuEngine } from './paddock-engine';

const model = () => new Blob([tinyModel({ type: 'Q8_0', seed: 30 })]);
const text = (kind: number, count: number) =>
  Array.from({ length: count }, (_, at) => 3 + ((at * 37 + kind * 101) % 340));

const GREEDY = { temperature: 0, num_predict: 12, ignore_eos: true };

describe('a loaded model', () => {
  let engine: GpuEngine;
  let info: EngineInfo;
  const seen: LoadProgress[] = [];
  beforeAll(async () => {
    engine = startEngine();
    const seeing = (progress: LoadProgress) => void seen.push(progress);
    info = await load(engine, model(), { options: { num_ctx: 256 }, seen: seeing });
  }, 60_000);
  afterAll(() => engine.end());

  /** As if nothing had been evaluated before. */
  const fresh = async (prompt: number[], options: SamplingOptions = GREEDY) => {
    const { ids } = await complete(engine, prompt, { ...options, cache_prompt: false });
    return ids;
  };

  it('says what runs it, and how far its load is', () => {
    expect(info).toMatchObject({ engine: 'paddock', backend: 'webgpu', contextLength: 256 });
    expect(info.noWebGpu).toBeUndefined();
    expect(info.dropped).toBeUndefined();
    expect(info.adapter).not.toBe('');
    expect(info.bytes.weights).toBeGreaterThan(0);
    const phases = [...new Set(seen.map(({ phase }) => phase))];
    expect(phases).toEqual(['engine', 'weights', 'shaders', 'warmup']);
  });

  it.each(['weights', 'shaders'] as const)('counts %s up to the last', (phase) => {
    const all = seen.filter((progress) => progress.phase === phase);
    const done = all.map((progress) => progress.done!);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBeGreaterThan(0);
    expect(done.at(-1)).toBe(all.at(-1)!.total);
    expect(all.filter((progress) => progress.done! > progress.total!)).toEqual([]);
    // Bytes are counted from the first on; shaders compile beside them.
    if (phase === 'weights') expect(done[0]).toBe(0);
  });

  it('goes on from what two prompts begin with', async () => {
    const prompt = text(1, 70);
    const first = await complete(engine, prompt, GREEDY);
    const longer = [...prompt, ...first.ids, ...text(2, 5)];
    const second = await complete(engine, longer, GREEDY);
    // The last token of a reply is not in the cache.
    expect(second.final.cachedTokens).toBe(prompt.length + first.ids.length - 1);
    expect(second.ids).toEqual(await fresh(longer));
  });

  it('keeps a chat aside while another has the cache', async () => {
    const [one, other] = [text(3, 90), text(4, 80)];
    await complete(engine, one, GREEDY);
    const { buffers } = await engine.caller.call('work', null).result;
    await complete(engine, other, GREEDY);
    expect((await engine.caller.call('work', null).result).buffers).toBe(buffers + 1);
    const again = await complete(engine, [...one, 7], GREEDY);
    expect(again.final.cachedTokens).toBeGreaterThanOrEqual(one.length);
    // What was put back is let go, and the other kept.
    expect((await engine.caller.call('work', null).result).buffers).toBe(buffers + 1);
    expect(again.ids).toEqual(await fresh([...one, 7]));
  });

  const ways: [string, SamplingOptions][] = [
    ['the likeliest', { temperature: 0 }],
    ['drawn', { temperature: 1.3, top_k: 50, top_p: 0.95, min_p: 0.01, seed: 5 }],
    [
      'drawn with penalties',
      { temperature: 1, seed: 6, repeat_penalty: 1.3, frequency_penalty: 0.2 },
    ],
    ['the likeliest with penalties', { temperature: 0, repeat_penalty: 1.5 }],
  ];
  it.for(ways)('chooses what the sampler would from the logits: %s', async ([, options]) => {
    const asked = { ...options, num_predict: 30, ignore_eos: true };
    const { ids } = await complete(engine, text(5, 40), asked);
    // The adapter knows no bias, and one of 0 changes nothing.
    const slow = await complete(engine, text(5, 40), { ...asked, logit_bias: { 0: 0 } });
    expect(ids).toHaveLength(30);
    expect(ids).toEqual(slow.ids);
  });

  describe('held to a format', () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string', maxLength: 10 },
        people: { type: 'integer', minimum: 1, maximum: 99_999 },
        river: { enum: ['Seine', 'Thames', null] },
      },
      required: ['city', 'people', 'river'],
    };
    async function write(format: Format | undefined, options: SamplingOptions) {
      const prompt = 'The capital of France as JSON:';
      let written = '';
      for await (const chunk of engine.caller.call('complete', { prompt, format, options })) {
        if (chunk.type === 'delta') written += chunk.content;
        if (chunk.type === 'final') return { written, reason: chunk.reason };
      }
      throw new Error('the reply has no end');
    }

    it.for([0, 1])('writes JSON by a schema at a temperature of %d', async (temperature) => {
      expect(info.capabilities).toContain('format');
      const { written, reason } = await write(schema, { temperature, seed: 2, num_predict: 80 });
      expect(reason, written).toBe('stop');
      expect(isValid(JSON.parse(written), schema), written).toBe(true);
    });

    it('goes on without a format as ever', async () => {
      const { written } = await write(undefined, { temperature: 0, num_predict: 6 });
      expect(written.trim()).not.toBe('');
      expect(() => void JSON.parse(written)).toThrow();
    });
  });

  it('goes on past a full context by a shift, and ends there without', async () => {
    const options = { ...GREEDY, num_predict: 60 };
    const shifted = await complete(engine, text(6, 230), options);
    expect(shifted.final).toMatchObject({ evalTokens: 60, reason: 'length' });
    const cut = await complete(engine, text(6, 230), { ...options, shift: false });
    // The last token is chosen, and no longer evaluated.
    expect(cut.final).toMatchObject({ evalTokens: 27, reason: 'length' });
    expect(cut.ids).toEqual(shifted.ids.slice(0, 27));
  });

  /** Stops a reply when it has given so many tokens. */
  async function stopAfter(tokens: number, prompt: number[]): Promise<void> {
    const stop = new AbortController();
    const options = { ...GREEDY, num_predict: 200 };
    const params = { prompt, options, each: 'count' } as const;
    let given = 0;
    for await (const chunk of engine.caller.call('complete', params, { signal: stop.signal })) {
      if (chunk.type === 'delta') given += chunk.tokens ?? 0;
      if (given >= tokens) stop.abort();
    }
  }

  it('answers as before when replies were stopped in the middle', async () => {
    const prompt = text(7, 30);
    const before = await fresh(prompt);
    for (let tokens = 0; tokens < 10; tokens++) {
      // The first is stopped while its prompt is read.
      const reply = stopAfter(tokens, text(8 + tokens, 100));
      await expect(reply).rejects.toMatchObject({ code: 'aborted' });
    }
    expect(await fresh(prompt)).toEqual(before);
  });

  it('leaves nothing behind when it is closed', async () => {
    await engine.caller.call('close', null).result;
    const { devices, buffers, bytes } = await engine.caller.call('work', null).result;
    expect({ devices, buffers, bytes }).toEqual({ devices: 0, buffers: 0, bytes: 0 });
  });
});

it('takes half of the cache’s memory with 8 bits, and reports the loss of the device', async () => {
  const engine = startEngine('empty shaders');
  const options = { num_ctx: 8192, kv_cache_type: 'q8_0' } as const;
  const weights = new Blob([tinyModel({ type: 'Q8_0', seed: 31, contextTrained: 8192 })]);
  const { bytes } = await load(engine, weights, { options });
  const [layers, heads, headSize] = [2, 2, 32];
  expect(bytes.cache).toBeLessThanOrEqual(0.57 * layers * 2 * heads * headSize * 2 * 8192);
  const reply = complete(engine, text(9, 40), { ...GREEDY, num_predict: 8000 });
  const failed = reply.catch((error: PaddockError) => error);
  const { dispatches } = await engine.caller.call('work', null).result;
  let now = dispatches;
  while (now < dispatches + 100) now = (await engine.caller.call('work', null).result).dispatches;
  await engine.caller.call('lose', null).result;
  expect(await failed).toMatchObject({ code: 'device_lost' });
  expect(await engine.caller.call('deaths', null).result).toHaveLength(1);
  await expect(complete(engine, text(9, 4))).rejects.toMatchObject({
    code: 'device_lost',
    detail: { idle: true },
  });
  engine.end();
});

it('stops a load, and leaves nothing of it', async () => {
  const engine = startEngine('empty shaders');
  const stop = new AbortController();
  const loading = load(engine, model(), { signal: stop.signal, seen: () => stop.abort() });
  await expect(loading).rejects.toMatchObject({ code: 'aborted' });
  const { devices, buffers } = await engine.caller.call('work', null).result;
  expect({ devices, buffers }).toEqual({ devices: 0, buffers: 0 });
  engine.end();
});
