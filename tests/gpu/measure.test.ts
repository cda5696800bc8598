/** What a benchmark asks of the runner, on the adapter: tokens as they are, told one by one, and the adapter's work seen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '#core/caller';
import type { LoadProgress } from '#core/engine';
import type { MeasureMethods } from '#core/methods';
import { startRunner, type TestRunner } from '../fixtures/runner';
import { EXPECTED, tinyMlc } from './tiny-mlc';

const [{ prompt_ids: prompt, greedy_ids: greedy }] = EXPECTED as [(typeof EXPECTED)[0]];
const PROGRESS: LoadProgress[] = [];

let runner: TestRunner;
beforeAll(async () => {
  const files = await tinyMlc();
  const options = { num_gpu: -1, engine: 'webllm' };
  const seen = (progress: LoadProgress) => void PROGRESS.push(progress);
  runner = await startRunner({ format: 'mlc', files, options, seen });
}, 60_000);
afterAll(() => runner.end());

it('a load by its name says what runs it, and what its time went to', () => {
  expect(runner.info).toMatchObject({ engine: 'webllm', backend: 'webgpu' });
  const { read, upload, compile } = runner.info.times!;
  expect(read).toBeGreaterThan(0);
  expect(upload).toBeGreaterThan(0);
  expect(compile).toBeGreaterThan(0);
});

describe('a repetition', () => {
  it('writes what was computed behind the same tokens, each told', async () => {
    const generate = greedy.length;
    const { sample, ids, clockMs } = await runner.measure({ prompt, generate, ids: true });
    expect(ids).toEqual(greedy);
    expect(sample).toMatchObject({
      ...{ promptTokens: prompt.length, cachedTokens: 0 },
      ...{ tokens: generate, evalTokens: generate, laterTokens: generate - 2 },
    });
    // Once a token at least: the work was the adapter's.
    expect(sample.submits).toBeGreaterThanOrEqual(generate);
    expect(clockMs).toBeGreaterThan(0);
    expect(clockMs).toBeLessThan(20);
  });

  it('takes nothing from a cache but what may stay', async () => {
    const { sample } = await runner.measure({ prompt, generate: 1 });
    expect(sample.cachedTokens).toBe(0);
    const longer = [...prompt, ...greedy.slice(0, 3)];
    const kept = await runner.measure({
      ...{ prompt: longer, generate: 2, ids: true },
      keep: prompt.length,
    });
    expect(kept.sample.cachedTokens).toBe(prompt.length);
    expect(kept.ids).toEqual(greedy.slice(3, 5));
  });

  it('reads a text’s tokens as the engine does', async () => {
    const tokens = await runner.tokenize('hello how are you');
    const { sample } = await runner.measure({ prompt: tokens, generate: 1 });
    expect(sample.promptTokens).toBe(tokens.length);
  });

  it('goes on behind what ends a text', async () => {
    const { sample } = await runner.measure({ prompt, generate: 100 });
    expect(sample).toMatchObject({ tokens: 100, evalTokens: 100 });
  });
});

it('an engine that cannot run it is refused, and none takes its place', async () => {
  const files = await tinyMlc();
  const refused = startRunner({
    format: 'mlc',
    files,
    options: { num_gpu: -1, engine: 'paddock' },
  });
  await expect(refused).rejects.toMatchObject({ code: 'not_supported' });
});

it('the adapter’s memory is measured, copied and read', async () => {
  const url = new URL('../../workers/host/limits/main.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  const { gpu } = await new Caller<MeasureMethods>(worker).call('bandwidth', null).result;
  worker.terminate();
  console.log(JSON.stringify(gpu));
  expect(gpu!.adapter).toBeTruthy();
  for (const rate of [gpu!.read, gpu!.copy]) {
    expect(rate).toBeGreaterThan(0.01e9);
    expect(rate).toBeLessThan(20e12);
  }
});
