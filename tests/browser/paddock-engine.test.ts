/** The engine in a worker of its own, on small random models and on the starter. */
import { afterEach, beforeAll, expect, it, describe } from 'vitest';
import { Caller } from '#core/caller';
import type { LoadOptions, SamplingOptions } from '#core/engine';
import type { PaddockError } from '#core/errors';
import { randomModel } from '../fixtures/random-model';
import type { Fault } from '../fixtures/random-model/options';
import type { EngineSettings } from '../../workers/runner/engines/paddock/engine';
import type { PaddockMethods } from './paddock-worker';

interface Engine {
  worker: Worker;
  caller: Caller<PaddockMethods>;
}

const used: Engine[] = [];
/** A worker's modules take longer than a small model: what a test has closed the next one loads into. */
const free: Engine[] = [];

async function freeEngines(): Promise<void> {
  for (const engine of used.splice(0)) {
    await engine.caller.call('close', null).result;
    free.push(engine);
  }
}
afterEach(freeEngines);

function startEngine(): Caller<PaddockMethods> {
  const engine = free.pop() ?? newEngine();
  used.push(engine);
  return engine.caller;
}

function newEngine(): Engine {
  const url = new URL('./paddock-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  return { worker, caller: new Caller<PaddockMethods>(worker) };
}

const small = (options = {}) => new Blob([randomModel(options) as Uint8Array<ArrayBuffer>]);

async function load(weights: Blob, options?: Partial<LoadOptions>, settings?: EngineSettings) {
  const engine = startEngine();
  const info = await engine.call('load', { weights, options, settings }).result;
  return { engine, info };
}

async function complete(
  engine: Caller<PaddockMethods>,
  prompt: string,
  options: SamplingOptions = {},
  signal?: AbortSignal,
) {
  let text = '';
  for await (const chunk of engine.call('complete', { prompt, options }, { signal })) {
    if (chunk.type === 'delta') text += chunk.content;
    else if (chunk.type === 'final') return { text, final: chunk };
  }
  throw new Error('the reply has no end');
}

async function refusal(weights: Blob, options?: Partial<LoadOptions>): Promise<PaddockError> {
  return load(weights, options).then(
    () => expect.fail('it was loaded'),
    (error: PaddockError) => error,
  );
}

/** One of the small model's two layers fits, with 512 positions. */
const SMALL_MEMORY = { memory: 5_000_000, model: 64_000_000 };

const PROMPT = 'The horse stood in the paddock and looked at the river for a long time. ';

describe('the same seed gives the same text', () => {
  const options = { seed: 7, temperature: 1.2, num_predict: 40 };
  const setups: [string, Partial<LoadOptions>, EngineSettings][] = [
    ['two threads', { num_thread: 2 }, {}],
    ['three threads', { num_thread: 3 }, {}],
    ['the plain module', { num_thread: 1 }, { kernels: 'plain' }],
    ['the plain module on two threads', { num_thread: 2 }, { kernels: 'plain' }],
    ['a memory that is not shared', {}, { shared: false }],
    // A memory of this size holds one of the two layers.
    ['two memories', { num_thread: 2, num_ctx: 512 }, { limits: SMALL_MEMORY }],
  ];
  const weights = small({ type: 'Q4_K', architecture: 'qwen3' });
  let expected: string;
  beforeAll(async () => {
    const { engine } = await load(weights, { num_thread: 1 }, { kernels: 'relaxed' });
    const { text, final } = await complete(engine, PROMPT.repeat(8), options);
    expect(final.evalTokens).toBeGreaterThan(20);
    expected = text;
    await freeEngines();
  });

  it.each(setups)('on %s', async (_, loading, settings) => {
    const { engine } = await load(weights, loading, settings);
    expect((await complete(engine, PROMPT.repeat(8), options)).text).toBe(expected);
  });

  // More threads than cores are held up at any moment, so that others take their work in any order.
  it('again and again on four threads', async () => {
    const { engine } = await load(weights, { num_thread: 4 });
    for (let round = 0; round < 10; round++) {
      expect((await complete(engine, PROMPT.repeat(8), options)).text).toBe(expected);
    }
  });

  it('and another seed another text', async () => {
    const { engine } = await load(weights);
    const first = await complete(engine, PROMPT, options);
    const second = await complete(engine, PROMPT, { ...options, seed: 8 });
    expect(second.text).not.toBe(first.text);
  });
});

it('says how many threads run, one without shared memory', async () => {
  const weights = small();
  expect((await load(weights, { num_thread: 3 })).info.threads).toBe(3);
  expect((await load(weights, { num_thread: 3 }, { shared: false })).info.threads).toBe(1);
});

it('reuses what two prompts begin with, and gives what a fresh cache gives', async () => {
  const weights = small();
  const { engine } = await load(weights);
  const options = { temperature: 0, num_predict: 12 };
  const first = await complete(engine, PROMPT.repeat(4), options);
  const second = await complete(engine, PROMPT.repeat(5), options);
  expect(first.final.cachedTokens).toBe(0);
  // The last token of the shorter prompt may be another one in the longer.
  expect(second.final.cachedTokens).toBeGreaterThanOrEqual(first.final.promptTokens - 2);
  const fresh = await complete((await load(weights)).engine, PROMPT.repeat(5), options);
  expect(second.text).toBe(fresh.text);
});

it('goes on past a full context by a shift, and ends there without', async () => {
  const { engine } = await load(small(), { num_ctx: 64 });
  const options = { temperature: 0, num_predict: 200, seed: 1, logit_bias: {} };
  const shifted = await complete(engine, 'The horse stood. ', options);
  expect(shifted.final).toMatchObject({ evalTokens: 200, reason: 'length' });
  const cut = await complete(engine, 'The horse stood. ', { ...options, shift: false });
  expect(cut.final.reason).toBe('length');
  expect(cut.final.evalTokens + cut.final.promptTokens).toBeLessThanOrEqual(65);
});

it('refuses a prompt over the context with the counts', async () => {
  const { engine } = await load(small(), { num_ctx: 64 });
  await expect(complete(engine, PROMPT.repeat(30))).rejects.toMatchObject({
    code: 'context_exceeded',
    detail: { contextLength: 64, promptTokens: expect.any(Number) as number },
  });
  // Greedy, since a model of random weights may end its reply at any token.
  const short = await complete(engine, 'The horse stood. ', { temperature: 0, num_predict: 3 });
  expect(short.final.evalTokens).toBe(3);
});

it('keeps keys and values in 8 bits when asked', async () => {
  const weights = small();
  const wide = await load(weights);
  const narrow = await load(weights, { kv_cache_type: 'q8_0' });
  expect(narrow.info.bytes.cache).toBeLessThan(0.6 * wide.info.bytes.cache);
  const reply = await complete(narrow.engine, PROMPT, { temperature: 0, num_predict: 20 });
  expect(reply.final.evalTokens).toBe(20);
});

it('stops fifty replies at different places, and answers as before', async () => {
  const { engine } = await load(small(), { num_thread: 2 });
  const options = { temperature: 0, num_predict: 30 };
  const before = await complete(engine, PROMPT, options);
  for (let round = 0; round < 50; round++) {
    const stop = new AbortController();
    const reply = complete(engine, PROMPT.repeat(1 + (round % 5)), options, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, round % 7));
    stop.abort();
    await reply.catch((error: PaddockError) => expect(error.code).toBe('aborted'));
  }
  expect((await complete(engine, PROMPT, options)).text).toBe(before.text);
});

it('ends a reply with words when a helper thread vanishes', { timeout: 60_000 }, async () => {
  // Chromium gives a terminated worker 2 s before it ends it, in which this small model says much.
  const long = { num_thread: 2, num_ctx: 32_768 };
  const { engine } = await load(small({ contextTrained: 32_768 }), long);
  const reply = complete(engine, 'The horse stood. ', { temperature: 0, num_predict: 300_000 });
  // The engine computes all the time, but takes a call between two tokens.
  await engine.call('killHelper', null).result;
  await expect(reply).rejects.toMatchObject({
    code: 'engine_failed',
    message: 'A helper thread of the engine stopped answering.',
  });
  expect(await engine.call('deaths', null).result).toHaveLength(1);
  for (const { worker } of used.splice(0)) worker.terminate();
});

it('stops a load', async () => {
  const engine = startEngine();
  const stop = new AbortController();
  const call = engine.call('load', { weights: small() }, { signal: stop.signal });
  await call.acknowledged;
  stop.abort();
  await expect(call.result).rejects.toMatchObject({ code: 'aborted' });
});

describe('a file with a fault is named', () => {
  const faults: [Fault, string, RegExp][] = [
    ['missing', 'model_unreadable', /"blk\.1\.ffn_up\.weight" is missing/],
    ['shape', 'model_unreadable', /"blk\.1\.ffn_up\.weight" is .* and should be/],
    ['type', 'not_supported', /"blk\.1\.ffn_up\.weight" has the type Q2_K/],
    ['vocabulary', 'model_unreadable', /tokenizer\.ggml\.tokens/],
    ['norm', 'model_unreadable', /"output_norm\.weight" is/],
    ['nan', 'model_unreadable', /values that are not numbers/],
  ];
  it.each(faults)('%s', async (fault, code, message) => {
    const error = await refusal(small({ fault, tied: true }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('an architecture that it does not know', async () => {
    const bytes = randomModel();
    const text = new TextDecoder('latin1').decode(bytes.subarray(0, 400));
    bytes.set(new TextEncoder().encode('gemm9'), text.indexOf('llama'));
    const error = await refusal(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    expect(error.message).toMatch(/architecture is "gemm9"/);
  });
});

it('gives a log-probability with each token, as it says that it can', async () => {
  const { engine, info } = await load(small());
  expect(info.capabilities).toContain('logprobs');
  const options = { seed: 3, num_predict: 5, logprobs: true, top_logprobs: 3 };
  const told = [];
  for await (const chunk of engine.call('complete', { prompt: PROMPT, options })) {
    if (chunk.type === 'delta') told.push(...(chunk.logprobs ?? []));
  }
  expect(told).toHaveLength(5);
  for (const { logprob, top_logprobs: top } of told) {
    expect(top).toHaveLength(3);
    expect(top[0]!.logprob).toBeGreaterThanOrEqual(logprob);
    expect(Math.exp(logprob)).toBeGreaterThan(0);
    expect(top.reduce((sum, one) => sum + Math.exp(one.logprob), 0)).toBeLessThanOrEqual(1.0001);
  }
});
