/** The starter on the adapter: the text and the logits of a float32 forward pass in numpy, and our CPU engine's choices. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logitsOf } from '../browser/paddock-logits';
import { largest } from '../fixtures/reference/starter';
import greedy from '../fixtures/starter-greedy.json';
import { complete, forward, load, startEngine, type GpuEngine } from './paddock-engine';

const { prompt } = greedy;
const { PADDOCK_GPU, PADDOCK_LONG } = import.meta.env as Record<string, string>;
/** A software adapter takes a second for each. */
const tokens = greedy.tokens.slice(0, PADDOCK_GPU === 'real' ? undefined : PADDOCK_LONG ? 24 : 12);

/** Logits by which two tokens are a near-tie: what the CPU engine's rounding of the activations moves. */
const NEAR = 0.25;

let weights: Blob;
let engine: GpuEngine;
let ids: number[];
beforeAll(async () => {
  weights = await (await fetch('/starter.gguf')).blob();
  engine = startEngine();
  await load(engine, weights, { options: { num_ctx: 256 }, settings: { cache: 'f32' } });
  const options = { temperature: 0, num_predict: tokens.length, ignore_eos: true };
  const reply = await complete(engine, prompt, options);
  ids = reply.ids;
  const { promptMs, evalMs, evalTokens } = reply.final;
  const each = evalMs / evalTokens;
  console.log(`prompt ${promptMs.toFixed(0)} ms, then ${each.toFixed(0)} ms a token`);
}, 240_000);
afterAll(() => engine.end());

/** The text is in the adapter's cache: one token is computed anew. */
async function logitsAt(position: number): Promise<Float32Array> {
  const text = [...prompt, ...ids];
  const [logits] = await forward(engine, [text[position]!], [1], position);
  return logits!;
}

it('has the logits of float32', async () => {
  const { logits } = greedy;
  const ours = await logitsAt(prompt.length - 1);
  const differences = logits.map(([id, value]) => Math.abs(ours[id!]! - value!));
  const most = Math.max(...differences);
  console.log(`the largest difference of ${logits.length} logits: ${most.toExponential(1)}`);
  expect(most).toBeLessThan(1e-3);
});

describe('its text', () => {
  it('is that of float32', () => expect(ids).toEqual(tokens));

  it('is what our CPU engine chooses but for near-ties', { timeout: 60_000 }, async () => {
    const text = [...prompt, ...ids];
    const all = await logitsOf(weights, text.slice(0, -1), { chunk: 64, threads: 2 });
    const misses: { at: number; cpu: number; gpu: number }[] = [];
    for (const [at, id] of ids.entries()) {
      const position = prompt.length + at - 1;
      const cpu = all[position]!;
      const best = largest(cpu, 1)[0]!;
      if (best === id) continue;
      const gpu = await logitsAt(position);
      misses.push({ at, cpu: cpu[best]! - cpu[id]!, gpu: gpu[id]! - gpu[best]! });
    }
    console.log(`${misses.length} of ${ids.length} differ: ${JSON.stringify(misses)}`);
    expect(misses.length / ids.length).toBeLessThanOrEqual(0.06);
    for (const { at, cpu, gpu } of misses) {
      expect(gpu, `token ${at} of the adapter`).toBeGreaterThan(-1e-3);
      expect(Math.min(cpu, gpu), `token ${at}`).toBeLessThanOrEqual(NEAR);
    }
  });
});
