/** What a run may be asked with, and what is offered. */
import { describe, expect, test } from 'vitest';
import type { BenchRequest, OfferedCandidate } from '#core/bench/events';
import type { DeviceLimits } from '#core/paddock-api';
import { usualThreads } from '#core/usual-threads';
import { NO_FACTS, type WeightsFacts } from '#core/weights-facts';
import { offersFor, threadCounts } from '../../../workers/host/bench/offers';
import { fitSideBySide } from '../../../workers/host/bench/side-by-side';
import { threadCount } from '../../../workers/runner/engines/paddock/threads/count';
import { ADAPTER } from '../../fixtures/device-report';
import { onCpu, openBenchHouse } from '../../fixtures/bench-house';
import { installed, LIMITS } from '../../fixtures/house';

async function refused(body: unknown, facts: Partial<WeightsFacts> = {}) {
  const house = openBenchHouse({ good: '/bench', other: '/bench' });
  house.deps.registry.facts = () => Promise.resolve({ ...NO_FACTS, ...facts });
  const response = await house.start(body as BenchRequest);
  const answer = (await response.json()) as { error: string; code: string };
  expect(house.runners).toEqual([]);
  return { status: response.status, ...answer };
}

describe('a request is refused', () => {
  const candidates = [onCpu()];
  const test_ = { kind: 'pp', tokens: 32, depth: 0 };
  test.each<[string, unknown]>([
    ['"candidates" must be a list of 1 to 32', {}],
    ['"candidates" must be a list of 1 to 32', { candidates: [] }],
    ['"candidates" must be a list of 1 to 32', { candidates: new Array(33).fill(onCpu()) }],
    ['"candidates[0]" must be an object', { candidates: ['good'] }],
    ['"candidates[0].model" must be a model\'s name', { candidates: [{ ...onCpu(), model: 1 }] }],
    [
      '"candidates[0].engine" must be one of paddock, wllama, webllm, fake, and "llama" is not',
      { candidates: [{ ...onCpu(), engine: 'llama' }] },
    ],
    [
      '"candidates[0].backend" must be one of webgpu, wasm',
      { candidates: [{ ...onCpu(), backend: 7 }] },
    ],
    [
      '"candidates[0].threads" must be a whole number from 0 to 1024',
      { candidates: [{ ...onCpu(), threads: 1.5 }] },
    ],
    [
      '3 threads are more than this browser gives, which is 2 threads',
      { candidates: [onCpu('good', 3)] },
    ],
    [
      '"candidates" has good:latest with fake on wasm (1 threads) twice',
      { candidates: [onCpu(), onCpu()] },
    ],
    [
      'wllama on wasm does not run good:latest; what does: fake on webgpu, fake on wasm',
      { candidates: [{ ...onCpu(), engine: 'wllama' }] },
    ],
    [
      '"set" must be one of quick, standard, depth, ollama, and "all" is not',
      { candidates, set: 'all' },
    ],
    ['"set" must be one of quick, standard, depth, ollama', { candidates, set: null }],
    ['"tests" must be a list of 1 to 16', { candidates, tests: [] }],
    ['"tests[0].kind" must be one of pp, tg, chat', { candidates, tests: [{ ...test_, kind: 1 }] }],
    [
      '"tests[0].tokens" must be a whole number from 1 to 131072',
      { candidates, tests: [{ ...test_, tokens: 0 }] },
    ],
    [
      '"tests[0].depth" must be a whole number from 0 to 131072',
      { candidates, tests: [{ ...test_, depth: -1 }] },
    ],
    ['"tests" has pp32 twice', { candidates, tests: [test_, test_] }],
    ['a chat has no depth', { candidates, tests: [{ kind: 'chat', tokens: 5, depth: 5 }] }],
    ['"repetitions" must be a whole number from 1 to 100', { candidates, repetitions: 0 }],
    ['"repetitions" must be a whole number from 1 to 100', { candidates, repetitions: 101 }],
    ['"verify" must be a boolean', { candidates, verify: 'yes' }],
  ])('%s', async (error, body) => {
    expect(await refused(body)).toEqual({ status: 400, code: 'bad_request', error });
  });

  test('for a model that is not here', async () => {
    const answer = await refused({ candidates: [onCpu('none')] });
    expect(answer).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  test('for a test that is longer than the model’s context', async () => {
    const answer = await refused({ candidates, set: 'standard' }, { contextLength: 512 });
    expect(answer).toMatchObject({ status: 400, code: 'not_supported' });
    expect(answer.error).toContain('good:latest: pp512 needs a context of 513 tokens');
  });

  test('for a model whose tokens nobody here knows, before anything loads', async () => {
    const answer = await refused({ candidates }, { unknownTokens: 'its tokenizer is "rwkv"' });
    expect(answer).toMatchObject({ status: 400, code: 'not_supported' });
    expect(answer.error).toContain('its tokenizer is "rwkv"');
  });

  test('for a model that writes nothing', async () => {
    const answer = await refused({ candidates }, { capabilities: ['embedding'] });
    expect(answer).toMatchObject({ status: 400, code: 'not_supported' });
  });
});

test('a set’s depths go as far as the models', async () => {
  const house = openBenchHouse();
  house.deps.registry.facts = () => Promise.resolve({ ...NO_FACTS, contextLength: 8192 });
  const stop = new AbortController();
  const { tests } = await new Promise<{ tests: { depth: number }[] }>((resolve) => {
    void house
      .run({ candidates: [onCpu()], set: 'depth' }, (event) => {
        if (event.type === 'plan') resolve(event.run);
        stop.abort();
      })
      .catch(() => {}); // its reader has what it wanted
  });
  expect(tests.map(({ depth }) => depth)).toEqual([0, 0, 4096, 4096]);
});

describe('what is offered', () => {
  const given = (change: Partial<DeviceLimits> = {}, facts: Partial<WeightsFacts> = {}) => ({
    facts: { ...NO_FACTS, ...facts },
    limits: { ...LIMITS, threads: 6, ...change },
    noWebGpu: { paddock: null, wllama: null },
  });
  const model = (format: string) => {
    const one = installed('some');
    one.model.config.model_format = format;
    return one.model;
  };
  const words = (offers: OfferedCandidate[]) =>
    offers.map(({ engine, backend, threads, refused: why }) =>
      [engine, backend, threads, ...(why ? ['no'] : [])].join(' '),
    );

  test('of a GGUF model: both engines on the adapter, and on the CPU by threads', () => {
    expect(words(offersFor(model('gguf'), given()))).toEqual([
      ...['paddock webgpu 0', 'wllama webgpu 0'],
      ...['paddock wasm 1', 'paddock wasm 2', 'paddock wasm 4', 'paddock wasm 6'],
      ...['wllama wasm 1', 'wllama wasm 2', 'wllama wasm 3', 'wllama wasm 4', 'wllama wasm 6'],
    ]);
  });

  test('says what cannot be, and why', () => {
    const offers = offersFor(model('gguf'), {
      ...given({ threads: 1 }, { unknown: 'its architecture "rwkv"' }),
      noWebGpu: { paddock: 'no_adapter', wllama: 'no_adapter' },
    });
    expect(words(offers)).toEqual([
      ...['paddock webgpu 0 no', 'wllama webgpu 0 no'],
      ...['paddock wasm 1 no', 'wllama wasm 1'],
    ]);
    const whys = offers.map(({ refused: why }) => why);
    expect(whys[0]).toContain('rwkv');
    expect(whys[1]).toBe('The browser gives no graphics adapter (WebGPU).');
    expect(whys[2]).toContain('rwkv');
  });

  test('on an adapter without 16-bit floats is ours, and why not llama.cpp', () => {
    const noWebGpu = { paddock: null, wllama: 'no_shader_f16' as const };
    const [ours, llama] = offersFor(model('gguf'), { ...given(), noWebGpu });
    expect(ours).toEqual({
      model: 'some:latest',
      engine: 'paddock',
      backend: 'webgpu',
      threads: 0,
    });
    expect(llama!.refused).toContain('shader-f16');
  });

  test('of a model whose tokens nobody here knows is nothing, and says what can be measured', () => {
    const unknownTokens = 'its tokenizer is "rwkv"';
    const offers = offersFor(model('gguf'), given({ threads: 1 }, { unknownTokens }));
    expect(words(offers)).toEqual([
      ...['paddock webgpu 0 no', 'wllama webgpu 0 no'],
      ...['paddock wasm 1 no', 'wllama wasm 1 no'],
    ]);
    for (const { refused: why } of offers) {
      expect(why).toBe(
        'Paddock cannot count this model\'s tokens, which is what is measured: its tokenizer is "rwkv". Models such as SmolLM2, Llama 3 and Qwen3 can be measured.',
      );
    }
  });

  test('of a software adapter is what somebody may want to know', () => {
    const software = 'software_adapter' as const;
    const noWebGpu = { paddock: software, wllama: software };
    const offers = offersFor(model('gguf'), { ...given(), noWebGpu });
    expect(words(offers).slice(0, 2)).toEqual(['paddock webgpu 0', 'wllama webgpu 0']);
  });

  test('of an MLC model: WebLLM, where there is an adapter for it', () => {
    expect(words(offersFor(model('mlc'), given()))).toEqual(['webllm webgpu 0 no']);
    const withOne = given({ adapter: ADAPTER.limits });
    expect(words(offersFor(model('mlc'), withOne))).toEqual(['webllm webgpu 0']);
  });

  test('of a damaged file is nothing', () => {
    const offers = offersFor({ ...model('gguf'), damaged: true }, given());
    expect(offers.every(({ refused: why }) => why?.includes('damaged'))).toBe(true);
  });

  test('threads are those of chats too, of which the engines take not all, and no more than there is room for', () => {
    const counts = (engine: string, threads: number) =>
      offersFor(model('gguf'), given({ threads }))
        .filter((offer) => offer.engine === engine && offer.backend === 'wasm')
        .map((offer) => `${offer.threads}${offer.usual ? ' usual' : ''}`);
    expect(counts('wllama', 1)).toEqual(['1 usual']);
    expect(counts('wllama', 2)).toEqual(['1 usual', '2']);
    expect(counts('paddock', 2)).toEqual(['1', '2 usual']);
    expect(counts('wllama', 12)).toEqual(['1', '2', '4', '6 usual', '8', '12']);
    expect(counts('paddock', 12)).toEqual(['1', '2', '4', '6 usual', '8', '12']);
    expect(counts('wllama', 24)).toEqual(['1', '2', '4', '8 usual', '16', '24']);
    expect(counts('paddock', 24)).toEqual(['1', '2', '4', '8', '12 usual', '16']);
    for (let logical = 1; logical <= 64; logical++) {
      expect(usualThreads('paddock', logical)).toBe(threadCount(0, logical, true));
    }
  });

  test('comes over the API', async () => {
    const house = openBenchHouse();
    const ask = async (query: string) => {
      const response = await house.call('GET', `/api/paddock/bench/candidates${query}`);
      return { status: response.status, body: (await response.json()) as object };
    };
    expect(await ask('?model=good')).toEqual({
      status: 200,
      body: {
        candidates: [
          { model: 'good:latest', engine: 'fake', backend: 'webgpu', threads: 0 },
          { model: 'good:latest', engine: 'fake', backend: 'wasm', threads: 1 },
          { model: 'good:latest', engine: 'fake', backend: 'wasm', threads: 2 },
        ],
      },
    });
    expect((await ask('?model=none')).status).toBe(404);
    expect((await ask('')).status).toBe(400);
  });
});

test('threads are counted in powers of two, and all', () => {
  expect([1, 2, 3, 8, 12].map((most) => threadCounts(most, 1))).toEqual([
    [1],
    [1, 2],
    [1, 2, 3],
    [1, 2, 4, 8],
    [1, 2, 4, 8, 12],
  ]);
});

test('candidates are side by side where half of the memory holds them', () => {
  const two = (size: number) => [
    { size, context: 1024 },
    { size, context: 1024 },
  ];
  const limits = { ...LIMITS, device_memory: 4 * 1024 ** 3 };
  expect(fitSideBySide(two(100e6), limits)).toBe(true);
  expect(fitSideBySide(two(1200e6), limits)).toBe(false);
});

test('a chat is measured as Ollama’s run', async () => {
  const house = openBenchHouse();
  const { run } = await house.run({ candidates: [onCpu()], set: 'ollama', repetitions: 1 });
  expect(run).toMatchObject({ set: 'ollama', tests: [{ kind: 'chat' }] });
  const [sample] = run.candidates[0]!.tests[0]!.samples;
  expect(sample).toMatchObject({ promptTokens: 3, tokens: 5 }); // `You said: explain quantum entanglement`
  expect(sample!.endMs).toBeGreaterThan(sample!.firstTokenMs + sample!.laterMs); // the last step, too
});
