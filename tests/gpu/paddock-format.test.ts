/** The starter on the adapter, held to a format: the tokens that the adapter would choose by itself are chosen by all logits. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Format, SamplingOptions } from '#core/engine';
import { isValid } from '../fixtures/json-validator';
import { load, startEngine, type GpuEngine } from './paddock-engine';

const SCHEMA = {
  type: 'object',
  properties: {
    city: { type: 'string', maxLength: 10 },
    people: { type: 'integer', minimum: 1, maximum: 99_999 },
    river: { enum: ['Seine', 'Thames', null] },
  },
  required: ['city', 'people', 'river'],
};

let engine: GpuEngine;
beforeAll(async () => {
  const weights = await (await fetch('/starter.gguf')).blob();
  engine = startEngine();
  const info = await load(engine, weights, { options: { num_ctx: 256 } });
  expect(info.capabilities).toContain('format');
}, 240_000);
afterAll(() => engine.end());

async function write(format: Format | undefined, options: SamplingOptions) {
  let text = '';
  const params = { prompt: 'The capital of France as JSON:', format, options };
  const call = engine.caller.call('complete', params);
  for await (const chunk of call) {
    if (chunk.type === 'delta') text += chunk.content;
    if (chunk.type === 'final') return { text, reason: chunk.reason };
  }
  throw new Error('the reply has no end');
}

it('writes JSON by a schema at any temperature', { timeout: 240_000 }, async () => {
  const { text, reason } = await write(SCHEMA, { temperature: 1, seed: 2, num_predict: 80 });
  console.log(text);
  expect(reason, text).toBe('stop');
  expect(isValid(JSON.parse(text), SCHEMA), text).toBe(true);
});

it('goes on without a format as ever', { timeout: 120_000 }, async () => {
  const { text } = await write(undefined, { temperature: 0, num_predict: 6 });
  expect(text.trim()).not.toBe('');
  expect(() => void JSON.parse(text)).toThrow();
});
