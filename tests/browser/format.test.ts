/**
 * A model held to a format, on the CPU, by both engines for GGUF: what it writes is JSON by the schema. llama.cpp takes
 * seconds to look through the starter's vocabulary; a small one's it looks through in the same way.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineChunk, FinalChunk, Format, SamplingOptions } from '#core/engine';
import { isValid } from '../fixtures/json-validator';
import { randomModel } from '../fixtures/random-model';
import { ASCII } from '../fixtures/random-model/vocabulary';
import { startRunner, type TestRunner } from '../fixtures/runner';

const SCHEMAS: Record<string, unknown>[] = [
  {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 12 },
      age: { type: 'integer', minimum: 0, maximum: 120 },
      likes: { type: 'array', items: { enum: ['tea', 'coffee'] }, maxItems: 2 },
    },
    required: ['name', 'age', 'likes'],
    additionalProperties: false,
  },
  {
    type: 'array',
    items: { type: 'string', pattern: '^[A-Z]{2}-\\d{3}$' },
    minItems: 2,
    maxItems: 2,
  },
  { anyOf: [{ type: 'integer', minimum: 10, maximum: 99 }, { const: 'nothing "at" all' }] },
];

const starter = async () => (await fetch('/starter.gguf')).blob();
const small = async () => new Blob([randomModel() as Uint8Array<ArrayBuffer>]);

const runners: TestRunner[] = [];
afterAll(() => runners.forEach((runner) => runner.end()));

interface Case {
  name: string;
  file: () => Promise<Blob>;
  bias?: SamplingOptions['logit_bias'];
}

const CASES: [string, Case][] = [
  ['paddock', { name: 'paddock', file: starter }],
  ['wllama, small', { name: 'wllama', file: small, bias: ASCII }],
];
if (import.meta.env.PADDOCK_LONG) CASES.push(['wllama', { name: 'wllama', file: starter }]);

/** llama.cpp alone: asked for by its name it takes tokens, and no format. */
const workerOf = (name: string) =>
  name === 'wllama'
    ? new Worker(new URL('./wllama-worker.ts', import.meta.url), { type: 'module' })
    : undefined;

describe.each(CASES)('%s', (_, { name, file, bias }) => {
  let runner: TestRunner;
  beforeAll(async () => {
    runner = await startRunner({
      ...{ format: 'gguf', files: { weights: await file() }, worker: workerOf(name) },
      options: {
        ...{ num_ctx: 512, num_gpu: 0, num_thread: 1 },
        ...(name === 'paddock' && { engine: name }),
      },
    });
    runners.push(runner);
  }, 120_000);

  const ask = async (format: Format | undefined, options: SamplingOptions = {}) => {
    const messages = [{ role: 'user', content: 'Tell me of somebody, as JSON.' } as const];
    let text = '';
    let final: FinalChunk | undefined;
    const all = { temperature: 1, seed: 3, num_predict: 120, logit_bias: bias, ...options };
    for await (const chunk of runner.caller.call('chat', { messages, format, options: all })) {
      const said: EngineChunk = chunk;
      if (said.type === 'delta') text += said.content;
      if (said.type === 'final') final = said;
    }
    return { text, final: final! };
  };

  it('says that it can', () => {
    expect(runner.info.engine).toBe(name);
    expect(runner.info.capabilities).toContain('format');
  });

  it('writes no JSON where nobody asks for it', { timeout: 60_000 }, async () => {
    const { text } = await ask(undefined, { num_predict: 20 });
    expect(() => void JSON.parse(text)).toThrow();
  });

  it.each(SCHEMAS)('writes by a schema, and stops: %j', { timeout: 90_000 }, async (schema) => {
    const texts = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const { text, final } = await ask(schema, { seed });
      expect(final.reason, text).toBe('stop');
      expect(isValid(JSON.parse(text), schema), text).toBe(true);
      texts.add(text);
    }
    console.log(`${name}: ${[...texts].join('   ')}`);
  });

  it('ends with its count of tokens, whatever is still open', { timeout: 60_000 }, async () => {
    const { text, final } = await ask(SCHEMAS[0], { num_predict: 4 });
    expect(final).toMatchObject({ reason: 'length', evalTokens: 4 });
    expect(text).toMatch(/^\{"/);
  });

  it('stops at a word of the request, in the middle of JSON', { timeout: 60_000 }, async () => {
    const { text, final } = await ask(SCHEMAS[0], { stop: ['"age"'] });
    expect(final.reason).toBe('stop');
    expect(text).toMatch(/^\{"name": ?"[^"]*", ?$/);
  });

  it('is held to an object by "json"', { timeout: 60_000 }, async () => {
    const { text } = await ask('json', { num_predict: 100, repeat_penalty: 1.3 });
    expect(text).toMatch(/^\{("|\})/);
    expect(text).not.toMatch(/\n/);
  });

  it('answers the next request without a format as ever', { timeout: 60_000 }, async () => {
    const refused = ask({ type: 'nothing' });
    await expect(refused).rejects.toThrow(/invalid format: "type" names a type/);
    const { text } = await ask(undefined, { num_predict: 8 });
    expect(text).not.toBe('');
  });
});
