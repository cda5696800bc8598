/** What a benchmark asks of the runner: tokens as they are, tokens told one by one, and nothing from a cache. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineChunk, FinalChunk } from '#core/engine';
import { randomModel } from '../fixtures/random-model';
import { startRunner, type TestRunner } from '../fixtures/runner';

const TEXT = 'The capital of France is a city on the river Seine, and';
const OPTIONS = { num_ctx: 512, num_gpu: 0, num_thread: 1 };
const ENDS = [0, 2];

const weights = new Blob([randomModel({ seed: 2 }) as Uint8Array<ArrayBuffer>]);
const runners: TestRunner[] = [];
afterAll(() => runners.forEach((runner) => runner.end()));

async function start(engine: string): Promise<TestRunner> {
  const runner = await startRunner({
    ...{ format: 'gguf', files: { weights } },
    options: { ...OPTIONS, engine },
  });
  runners.push(runner);
  return runner;
}

describe.each(['paddock', 'wllama'])('%s', (engine) => {
  let runner: TestRunner;
  let text: number[];
  beforeAll(async () => {
    runner = await start(engine);
    text = await runner.tokenize(TEXT);
  }, 60_000);

  it('was loaded as it was asked for', () => {
    expect(runner.info).toMatchObject({ engine, backend: 'wasm', noWebGpu: 'asked_cpu' });
    expect(runner.info.times?.read).toBeGreaterThan(0);
  });

  it('tells every token, in counts that agree', { timeout: 30_000 }, async () => {
    const { sample, ids } = await runner.measure({ prompt: text, generate: 9, ids: true });
    expect(ids).toHaveLength(9);
    expect(sample).toMatchObject({
      ...{ promptTokens: text.length, cachedTokens: 0, tokens: 9, evalTokens: 9, submits: 0 },
    });
    expect(sample.firstTokenMs).toBeGreaterThan(0);
    expect(sample.laterMs).toBeGreaterThan(0);
  });

  it('takes nothing from a cache but what may stay', { timeout: 30_000 }, async () => {
    await runner.measure({ prompt: text, generate: 1 });
    const again = await runner.measure({ prompt: text, generate: 1 });
    expect(again.sample.cachedTokens).toBe(0);
    const kept = await runner.measure({ prompt: [...text, 30], generate: 1, keep: text.length });
    expect(kept.sample.cachedTokens).toBe(text.length);
    expect(kept.sample.promptTokens).toBe(text.length + 1);
  });

  it('goes on behind what ends a text', { timeout: 30_000 }, async () => {
    // A text for which these weights soon have an end.
    const prompt = await runner.tokenize('Berlin<|im_end|>\n');
    const { ids } = await runner.measure({ prompt, generate: 15, ids: true });
    const end = ids!.findIndex((id) => ENDS.includes(id));
    expect(end).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThan(14);
    expect(ids).toHaveLength(15);
    const { tokens, final } = await complete(runner, prompt);
    expect(tokens).toEqual(ids!.slice(0, end + 1));
    expect(final).toMatchObject({ reason: 'stop', evalTokens: end + 1 });
  });

  it('answers a chat by its template, every token counted', { timeout: 60_000 }, async () => {
    const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }];
    const { sample } = await runner.measure({ prompt: { messages }, generate: 24 });
    expect(sample.promptTokens).toBe(43);
    expect(sample.tokens).toBe(sample.evalTokens);
    expect(sample.tokens).toBeGreaterThan(0);
    expect(sample.tokens).toBeLessThanOrEqual(24);
  });

  it('stops when it is told to', { timeout: 30_000 }, async () => {
    const controller = new AbortController();
    const call = runner.caller.call(
      'measure',
      { prompt: text, generate: 400 },
      { signal: controller.signal },
    );
    const read = async () => {
      for await (const chunk of call) if (chunk.tokens > 0) controller.abort();
    };
    await expect(Promise.all([read(), call.result])).rejects.toMatchObject({ name: 'AbortError' });
    const { sample } = await runner.measure({ prompt: text, generate: 2 });
    expect(sample.tokens).toBe(2);
  });

  it('says what does not fit', async () => {
    const prompt = Array.from({ length: 600 }, () => 504);
    await expect(runner.measure({ prompt, generate: 1 })).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: 600, contextLength: 512 },
    });
  });
});

it('both engines give the same ids for the same tokens', { timeout: 60_000 }, async () => {
  const [paddock, wllama] = runners as [TestRunner, TestRunner];
  const prompt = await paddock.tokenize(TEXT);
  expect(await wllama.tokenize(TEXT)).toEqual(prompt);
  const clear = prompt.slice(0, 4); // "The capital of France": what follows is no near tie
  const params = { prompt: clear, generate: 4, ids: true };
  const [ours, theirs] = [await paddock.measure(params), await wllama.measure(params)];
  expect(ours.ids).toEqual(theirs.ids);
});

async function complete(runner: TestRunner, prompt: number[]) {
  const options = { temperature: 0, num_predict: 15, cache_prompt: false };
  const call = runner.caller.call('complete', { prompt, options, each: 'ids' });
  const tokens: number[] = [];
  let final: FinalChunk | undefined;
  for await (const chunk of call as AsyncIterable<EngineChunk>) {
    if (chunk.type === 'delta') tokens.push(...(chunk.ids ?? []));
    if (chunk.type === 'final') final = chunk;
  }
  return { tokens, final };
}
