/** Loads of the tiny MLC model: what they tell, refuse, and give back. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineInfo, Format, LoadProgress } from '#core/engine';
import { ask, failure, load, startEngine, type GpuEngine } from './engine';
import { tinyMlc } from './tiny-mlc';

const work = (engine: GpuEngine) => engine.call('work', null).result;
const outside = (engine: GpuEngine) => engine.call('outside', null).result;

/** The bytes of the file, changed. */
async function changed(
  name: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
) {
  const file = (await tinyMlc())[name]!;
  return { [name]: new Blob([change(new Uint8Array(await file.arrayBuffer()))]) };
}

/** The JSON of the file, changed. */
async function edited(name: string, edit: (value: Record<string, unknown>) => object) {
  const file = (await tinyMlc())[name]!;
  return {
    [name]: new Blob([
      JSON.stringify(edit(JSON.parse(await file.text()) as Record<string, unknown>)),
    ]),
  };
}

describe('a load', () => {
  it('tells how far it is and what it loaded, asks no network, and leaves nothing behind', async () => {
    const engine = startEngine({ empty: true });
    const seen: LoadProgress[] = [];
    const before = await outside(engine);
    const info = await load(engine, {}, {}, { seen: (progress) => seen.push(progress) });
    const after = await outside(engine);
    expect(after.fetched).toEqual(before.fetched);
    expect(after.caches).toEqual([]);

    const phases = seen.map(({ phase }) => phase);
    expect([...new Set(phases)]).toEqual(['engine', 'weights', 'shaders', 'warmup']);
    expect(phases).toEqual(phases.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
    const weights = seen.filter(({ phase }) => phase === 'weights');
    expect(weights[0]).toEqual({ phase: 'weights', done: 0, total: 198_912 });
    expect(weights.at(-1)).toEqual({ phase: 'weights', done: 198_912, total: 198_912 });
    expect(weights.length).toBeGreaterThan(10);
    const shaders = seen.filter(({ phase }) => phase === 'shaders').at(-1)!;
    expect(shaders.done).toBe(shaders.total);
    const counted = await work(engine);
    expect(shaders.total).toBe(counted.pipelines);

    expect(info).toMatchObject({
      engine: 'webllm',
      backend: 'webgpu',
      threads: 1,
      contextLength: 512,
      contextTrained: 512,
      capabilities: ['completion', 'chat', 'format', 'logprobs'],
    });
    expect(info.adapter).toBeTruthy();
    expect(info.bytes.weights).toBe(198_912);
    const { cache, compute } = info.bytes;
    // Keys and values: 2 layers of 2 heads of 16 columns, twice, in f32.
    expect(cache).toBeGreaterThanOrEqual(512 * 2 * 2 * 16 * 2 * 4);
    expect(198_912 + cache + compute!).toBe(counted.bytes);

    await engine.call('close', null).result;
    expect(await work(engine)).toMatchObject({ devices: 0, buffers: 0, bytes: 0 });
    await load(engine);
    expect(await work(engine)).toMatchObject({ opened: 2, devices: 1, bytes: counted.bytes });
    expect((await outside(engine)).deaths).toEqual([]);
  });
});

const ORDER = ['engine', 'weights', 'shaders', 'warmup'];

describe('is refused before the GPU is touched', () => {
  const cases: [string, string, () => Promise<Record<string, Blob | null>>][] = [
    ['no library', 'bad_library', async () => ({ 'library.wasm': null })],
    [
      'a library that is no WebAssembly',
      'bad_library',
      async () => ({ 'library.wasm': new Blob(['<!doctype html>']) }),
    ],
    [
      'a library that is cut off',
      'bad_library',
      () => changed('library.wasm', (bytes) => bytes.slice(0, bytes.length / 2)),
    ],
    [
      'a library without web-llm’s functions',
      'bad_library',
      () => changed('library.wasm', (bytes) => bytes.slice(0, 8)),
    ],
    [
      'a library for another web-llm',
      'bad_library',
      () => changed('library.wasm', (bytes) => renamed(bytes, 'TVMFFIFunctionGetGlobal')),
    ],
    ['no tokenizer', 'model_unreadable', async () => ({ 'tokenizer.json': null })],
    [
      'a tokenizer that is none',
      'model_unreadable',
      async () => ({ 'tokenizer.json': new Blob(['{}']) }),
    ],
    [
      'a tokenizer of another kind',
      'model_unreadable',
      () =>
        edited('mlc-chat-config.json', (config) => ({ ...config, tokenizer_files: ['vocab.txt'] })),
    ],
    ['no weights', 'model_unreadable', async () => ({ 'params_shard_0.bin': null })],
    [
      'a shard of another size',
      'model_unreadable',
      () => changed('params_shard_0.bin', (bytes) => bytes.slice(0, -4)),
    ],
    ['no list of tensors', 'model_unreadable', async () => ({ 'tensor-cache.json': null })],
    [
      'a tensor beyond its shard',
      'model_unreadable',
      () => edited('tensor-cache.json', (cache) => withoutLast(cache)),
    ],
    ['no config', 'model_unreadable', async () => ({ 'mlc-chat-config.json': null })],
    [
      'a config that is not JSON',
      'model_unreadable',
      async () => ({ 'mlc-chat-config.json': new Blob(['<html>']) }),
    ],
  ];
  let engine: GpuEngine;
  // One for all: web-llm's code takes a second to come.
  beforeAll(() => {
    engine = startEngine({ keep: true });
  });

  it.each(cases)('%s: %s', async (_, code, changes) => {
    const error = await failure(load(engine, await changes()));
    expect(error.code).toBe(code);
    expect(await work(engine)).toMatchObject({ opened: 0, writes: 0 });
  });

  it('what asks for 16 bits, where the adapter has none', async () => {
    const half = await edited('mlc-chat-config.json', (config) => ({
      ...config,
      quantization: 'q4f16_1',
    }));
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter!.features.has('shader-f16'))
      return expect(load(engine, half)).resolves.toBeTruthy();
    const error = await failure(load(engine, half));
    expect(error.code).toBe('no_gpu');
    expect(error.detail).toEqual({ missing: 'shader-f16' });
    expect(await work(engine)).toMatchObject({ opened: 0 });
  });

  it('num_gpu 0', async () => {
    const error = await failure(load(engine, {}, { num_gpu: 0 }));
    expect(error.code).toBe('not_supported');
  });
});

/** A load takes seconds: these are asked of one, in their order. */
describe('a model with a context that was asked for, and a template of tools', () => {
  const options = { temperature: 0, num_predict: 8 };
  const tools = [{ name: 'add', parameters: { type: 'object', properties: { a: { const: 1 } } } }];
  let engine: GpuEngine;
  let info: EngineInfo;
  beforeAll(async () => {
    engine = startEngine({ keep: true });
    const hermes = await edited('mlc-chat-config.json', (config) => ({
      ...config,
      conv_template: { ...(config.conv_template as object), name: 'hermes3_tiny' },
    }));
    // As the makers of embedding models leave it behind.
    const cut = { direction: 'Right', max_length: 5, strategy: 'LongestFirst', stride: 0 };
    const cutting = await edited('tokenizer.json', (rules) => ({ ...rules, truncation: cut }));
    info = await load(engine, { ...hermes, ...cutting }, { num_ctx: 448 });
  });

  it('takes no more than was asked for, and counts a text that its tokenizer would cut', async () => {
    expect(info).toMatchObject({ contextLength: 448, contextTrained: 512 });
    const error = await failure(ask(engine, 'x '.repeat(300)));
    expect(error.detail).toEqual({ promptTokens: 606, contextLength: 448 });
  });

  it('whose first format was stopped makes the next', async () => {
    // Three pieces of a prompt, and `then` behind each but the last: a stop comes before the third.
    const begin = (format: Format, then: () => unknown) => {
      const messages = [
        { role: 'user' as const, content: `${JSON.stringify(format)} `.repeat(20) },
      ];
      const { signal } = controller;
      const call = engine.call('chat', { messages, options, format }, { signal });
      return (async () => {
        let text = '';
        for await (const chunk of call) {
          if (chunk.type === 'prompt') then();
          if (chunk.type === 'delta') text += chunk.content;
        }
        return text;
      })();
    };
    let controller = new AbortController();
    await engine.call('hold', null).result;
    const stopped = await failure(begin({ enum: ['no'] }, () => controller.abort()));
    expect(stopped.name).toBe('AbortError');
    controller = new AbortController();
    const text = await begin({ enum: ['yes'] }, () => engine.call('give', null));
    expect(text).toBe('"yes"');
  });

  it('writes text or calls, by a grammar', async () => {
    expect(info.capabilities).toContain('tools');
    const { final } = await ask(engine, 'hello', options, { tools });
    const without = await ask(engine, 'hello', options);
    expect(final.evalTokens).toBe(8);
    expect(final.promptTokens).toBeGreaterThan(100 + without.final.promptTokens);
  });

  it('ends when its device is lost between replies', async () => {
    await engine.call('lose', null).result;
    await expect.poll(async () => (await outside(engine)).deaths).toHaveLength(1);
  });
});

it('a library for other weights is refused, and gives everything back', async () => {
  const engine = startEngine();
  const other = await edited('tensor-cache.json', (cache) => ({
    ...cache,
    records: (cache.records as { records: { name: string }[] }[]).map((shard) => ({
      ...shard,
      records: shard.records.map((tensor) => ({ ...tensor, name: `other.${tensor.name}` })),
    })),
  }));
  const error = await failure(load(engine, other));
  expect(error.code).toBe('bad_library');
  expect(await work(engine)).toMatchObject({ devices: 0, buffers: 0, bytes: 0 });
});

describe('cancelled', () => {
  it.each(ORDER)('in the phase "%s", it gives everything back', async (phase) => {
    const engine = startEngine({ empty: true });
    const controller = new AbortController();
    const seen = (progress: LoadProgress) => {
      if (progress.phase === phase) controller.abort();
    };
    const error = await failure(load(engine, {}, {}, { seen, signal: controller.signal }));
    expect(error.name).toBe('AbortError');
    // The worker frees after the caller has gone its way.
    await expect.poll(() => work(engine)).toMatchObject({ devices: 0, buffers: 0, bytes: 0 });
    expect((await outside(engine)).deaths).toEqual([]);
  });
});

describe('the device', () => {
  it('that is lost in the middle of a reply ends it, and then the engine', async () => {
    const engine = startEngine({ empty: true });
    await load(engine);
    const call = engine.call('chat', {
      messages: [{ role: 'user', content: 'hello' }],
      options: { temperature: 0, num_predict: 200 },
    });
    let lost = false;
    const error = await failure(
      (async () => {
        for await (const chunk of call) {
          if (chunk.type !== 'delta' || lost) continue;
          lost = true;
          void engine.call('lose', null);
        }
      })(),
    );
    expect(error.code).toBe('device_lost');
    await expect.poll(async () => (await outside(engine)).deaths).toHaveLength(1);
    const next = await failure(ask(engine, 'hello'));
    expect(next.code).toBe('device_lost');
  });

  it('that has no memory left says so', async () => {
    const engine = startEngine({ empty: true });
    await engine.call('exhaust', null).result;
    const error = await failure(load(engine));
    expect(error.code).toBe('out_of_memory');
    expect(await work(engine)).toMatchObject({ devices: 0, buffers: 0, bytes: 0 });
    expect((await outside(engine)).deaths).toEqual([]);
  });
});

/** With another letter in the place of the first of `name`. */
function renamed(bytes: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const letters = new TextEncoder().encode(name);
  for (let at = 0; at < bytes.length - letters.length; at++) {
    if (letters.every((letter, index) => bytes[at + index] === letter)) bytes[at] = 0x58;
  }
  return bytes;
}

function withoutLast(cache: Record<string, unknown>): object {
  const [shard] = cache.records as { records: { byteOffset: number }[] }[];
  shard!.records.at(-1)!.byteOffset += 4;
  return cache;
}
