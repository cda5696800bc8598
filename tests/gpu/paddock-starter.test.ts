/** The starter on the adapter: the text and the logits of a float32 forward pass in numpy. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import greedy from '../fixtures/starter-greedy.json';
import { complete, forward, load, startEngine, type GpuEngine } from './paddock-engine';

let engine: GpuEngine;
beforeAll(async () => {
  const weights = await (await fetch('/starter.gguf')).blob();
  engine = startEngine();
  await load(engine, weights, { options: { num_ctx: 256 }, settings: { cache: 'f32' } });
}, 120_000);
afterAll(() => engine.end());

it('has the logits of float32', { timeout: 60_000 }, async () => {
  const { prompt, logits } = greedy;
  const [ours] = await forward(engine, prompt, [prompt.length]);
  const differences = logits.map(([id, value]) => Math.abs(ours![id!]! - value!));
  const largest = Math.max(...differences);
  console.log(`the largest difference of ${logits.length} logits: ${largest.toExponential(1)}`);
  expect(largest).toBeLessThan(1e-3);
});

it('writes the text of float32', { timeout: 120_000 }, async () => {
  const { prompt, tokens } = greedy;
  const options = { temperature: 0, num_predict: tokens.length, ignore_eos: true };
  const { ids, final } = await complete(engine, prompt, options);
  const each = final.evalMs / final.evalTokens;
  console.log(`prompt ${final.promptMs.toFixed(0)} ms, then ${each.toFixed(0)} ms a token`);
  expect(ids).toEqual(tokens);
});
