/** `/api/embed` and the older `/api/embeddings` through the server's door. */
import { afterEach, describe, expect, it } from 'vitest';
import type { EmbedParams } from '#core/engine';
import { PaddockError } from '#core/errors';
import { openScripted, type Json, type Script } from '../fixtures/scripted-house';

let house = openScripted();
afterEach(() => house.close());

function open(script: Script) {
  house.close();
  house = openScripted(script);
}

/** A vector that tells its text: its length, then the codes of its letters; not of length 1. */
const vectorOf = (text: string) =>
  Float32Array.from([text.length, ...[...text.padEnd(3).slice(0, 3)].map((x) => x.charCodeAt(0))]);

const MAKES: Script = {
  engine: ['embedding'],
  model: ['embedding'],
  embed: async ({ input }) => ({ vectors: input.map(vectorOf), promptTokens: input.length * 4 }),
};

function unit(values: Iterable<number>): number[] {
  const list = [...values];
  const length = Math.hypot(...list);
  return list.map((value) => value / length);
}

const embed = (body: Json) => house.post('/api/embed', body);
const older = (body: Json) => house.post('/api/embeddings', body);

function expectVectors(answer: unknown, wanted: number[][]) {
  const { embeddings } = answer as { embeddings: number[][] };
  expect(embeddings).toHaveLength(wanted.length);
  for (const [at, vector] of wanted.entries()) {
    expect(embeddings[at]).toHaveLength(vector.length);
    for (const [n, value] of vector.entries()) expect(embeddings[at]![n]).toBeCloseTo(value, 7);
    expect(Math.hypot(...embeddings[at]!)).toBeCloseTo(1, 6);
  }
}

describe('/api/embed', () => {
  it.each<[input: unknown, texts: string[]]>([
    ['one', ['one']],
    [['one'], ['one']],
    [
      ['zebra', 'a', 'zebra', 'ant', ' '],
      ['zebra', 'a', 'zebra', 'ant', ' '],
    ],
    [
      ['a', '', 'b'],
      ['a', '', 'b'],
    ],
    [[''], ['']],
  ])('%j: a vector of length 1 each, in their order', async (input, texts) => {
    open(MAKES);
    const { status, answer } = await embed({ input });
    expect(status).toBe(200);
    expectVectors(
      answer,
      texts.map((text) => unit(vectorOf(text))),
    );
    expect(house.asked).toEqual([{ input: texts, truncate: true }]);
  });

  it('answers model, tokens of all and whole nanoseconds; a load that there was not is left out', async () => {
    open(MAKES);
    const first = (await embed({ input: ['a', 'b'] })).answer as Record<string, number>;
    expect(first).toMatchObject({ model: 'fake', prompt_eval_count: 8 });
    for (const key of ['total_duration', 'load_duration']) {
      expect(Number.isInteger(first[key]) && first[key]! > 0, key).toBe(true);
    }
    const second = (await embed({ input: 'a' })).answer;
    expect(second).not.toHaveProperty('load_duration');
    expect(Object.keys(second)).toEqual([
      ...['model', 'embeddings', 'total_duration', 'prompt_eval_count'],
    ]);
  });

  it.each([[''], [[]], [null], [undefined]])(
    '%j: loads the model, and has no vector',
    async (input) => {
      open(MAKES);
      const { status, answer } = await embed({ input });
      expect({ status, answer }).toEqual({
        status: 200,
        answer: { model: 'fake', embeddings: [] },
      });
      expect(house.scheduler.list()).toHaveLength(1);
      expect(house.asked).toEqual([]);
    },
  );

  it('keeps the model for as long as it is told', async () => {
    open(MAKES);
    await embed({ input: 'a', keep_alive: 0 });
    expect(house.scheduler.list()).toEqual([]);
    await embed({ input: 'a', keep_alive: -1, options: { num_ctx: 256 } });
    expect(house.scheduler.list()[0]).toMatchObject({
      expiresAt: Infinity,
      info: { contextLength: 256 },
    });
  });

  it.each<[dimensions: unknown, kept: number]>([
    [undefined, 4],
    [0, 4],
    [-1, 4],
    [1, 1],
    [2, 2],
    [4, 4],
    [400, 4],
  ])('%j dimensions: %i, and of length 1 again', async (dimensions, kept) => {
    open(MAKES);
    const { answer } = await embed({ input: 'ant', dimensions });
    expectVectors(answer, [unit(vectorOf('ant').subarray(0, kept))]);
  });

  it('a vector of zeros stays one', async () => {
    open({ ...MAKES, embed: async () => ({ vectors: [new Float32Array(3)], promptTokens: 1 }) });
    expect((await embed({ input: 'a' })).answer).toMatchObject({ embeddings: [[0, 0, 0]] });
  });

  it.each<[body: Json, error: string]>([
    [{ input: 7 }, 'invalid input type'],
    [{ input: {} }, 'invalid input type'],
    [{ input: ['a', 7, 'b'] }, 'invalid input type'],
    [{ input: [['a']] }, 'invalid input type'],
    [{ input: ['a', null] }, 'invalid input type'],
    [{ input: 'a', dimensions: 1.5 }, '"dimensions" must be an integer'],
    [{ input: 'a', dimensions: '2' }, '"dimensions" must be an integer'],
    [{ input: 'a', truncate: 'no' }, '"truncate" must be a boolean'],
    [{ input: 'a', keep_alive: 'soon' }, '"keep_alive" must be a duration such as "5m" or 300'],
    [{ input: 'a', options: { num_ctx: 'a' } }, 'option "num_ctx" must be of type integer'],
  ])('refuses %j, and asks nobody', async (body, error) => {
    open(MAKES);
    expect(await embed(body)).toMatchObject({ status: 400, answer: { error } });
    expect(house.runners).toEqual([]);
  });

  it.each([
    ['', "model '' not found"],
    ['none', "model 'none' not found"],
  ])('has no model %j', async (model, error) => {
    open(MAKES);
    expect(await embed({ model, input: 'a' })).toMatchObject({ status: 404, answer: { error } });
  });

  it('an empty body is none', async () => {
    const response = await house.call('POST', '/api/embed', '');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'missing request body' });
  });

  it('one input of many that is too long refuses all, unless they are cut', async () => {
    const limited = async ({ input, truncate }: EmbedParams) => {
      if (!truncate && input.some((text) => text.length > 3)) {
        throw new PaddockError('context_exceeded', 'Input 2 is too long.', {
          ...{ promptTokens: 900, contextLength: 512 },
        });
      }
      const vectors = input.map((text) => vectorOf(text.slice(0, 3)));
      return { vectors, promptTokens: 2 };
    };
    open({ ...MAKES, embed: limited });
    const input = ['ant', 'zebra'];
    expect(await embed({ input, truncate: false })).toEqual({
      status: 400,
      answer: {
        error: 'the input length exceeds the context length',
        code: 'context_exceeded',
        detail: { promptTokens: 900, contextLength: 512 },
      },
    });
    expectVectors((await embed({ input })).answer, [vectorOf('ant'), vectorOf('zeb')].map(unit));
  });

  it.each([NaN, Infinity, -Infinity])('a vector with %d is none', async (value) => {
    const vectors = [vectorOf('a'), Float32Array.from([1, value])];
    open({ ...MAKES, embed: async () => ({ vectors, promptTokens: 2 }) });
    const error = 'embedding contains NaN or Inf values';
    expect(await embed({ input: ['a', 'b'] })).toMatchObject({ status: 400, answer: { error } });
  });

  it('vectors that are fewer than the inputs are an error, and the next request is not behind it', async () => {
    open({ ...MAKES, embed: async () => ({ vectors: [vectorOf('a')], promptTokens: 1 }) });
    expect(await embed({ input: ['a', 'b'] })).toMatchObject({
      status: 500,
      answer: { code: 'engine_failed' },
    });
    expect((await embed({ input: 'a' })).status).toBe(200);
  });

  it('stops with its request', async () => {
    let begun!: () => void;
    const begins = new Promise<void>((resolve) => (begun = resolve));
    const never = () => {
      begun();
      return new Promise<never>(() => {});
    };
    open({ ...MAKES, embed: never });
    const stop = new AbortController();
    const body = { model: 'fake', input: 'a' };
    const pending = house.call('POST', '/api/embed', body, stop.signal);
    await begins;
    stop.abort();
    expect((await pending).status).toBe(499);
  });
});

describe('/api/embeddings', () => {
  it('answers one vector as the model gives it', async () => {
    open(MAKES);
    const { status, answer } = await older({ prompt: 'ant' });
    expect(status).toBe(200);
    expect(answer).toEqual({ embedding: [...vectorOf('ant')] });
    expect(house.asked).toEqual([{ input: ['ant'], truncate: false, raw: true }]);
  });

  it.each([[''], [undefined], [null]])('the prompt %j loads the model', async (prompt) => {
    open(MAKES);
    expect(await older({ prompt })).toEqual({ status: 200, answer: { embedding: [] } });
    expect(house.scheduler.list()).toHaveLength(1);
  });

  it.each<[body: Json, status: number, error: string]>([
    [{ model: '', prompt: 'a' }, 400, 'model is required'],
    [{ model: 'none', prompt: 'a' }, 404, 'model "none" not found, try pulling it first'],
    [{ prompt: ['a'] }, 400, '"prompt" must be a string'],
  ])('refuses %j', async (body, status, error) => {
    open(MAKES);
    expect(await older(body)).toMatchObject({ status, answer: { error } });
    expect(house.runners).toEqual([]);
  });
});

it('the older route refuses a prompt that is too long, in the same words', async () => {
  const tooLong = () => {
    const detail = { promptTokens: 900, contextLength: 512 };
    return Promise.reject(new PaddockError('context_exceeded', 'The text is too long.', detail));
  };
  open({ ...MAKES, embed: tooLong });
  const error = 'the input length exceeds the context length';
  expect(await older({ prompt: 'ant' })).toMatchObject({ status: 400, answer: { error } });
});

describe.each([
  ['/api/embed', { input: 'a' }],
  ['/api/embed', {}],
  ['/api/embeddings', { prompt: 'a' }],
])('%s %j of a model that makes no embeddings', (path, body) => {
  it.each<[who: string, Script, error: string]>([
    ['a model of text', MAKES, 'this model does not support embeddings'],
    ['a GGUF of text', { format: 'gguf' }, 'this model does not support embeddings'],
  ])('%s: 501, without a load', async (_, script, error) => {
    open({ ...script, model: script.format ? script.model : [] });
    expect(await house.post(path, body)).toMatchObject({
      status: 501,
      answer: { error, code: 'not_supported', detail: { model: 'fake', field: 'embeddings' } },
    });
    expect(house.runners).toEqual([]);
  });

  it('is refused by an engine that makes none of it', async () => {
    open({ model: ['embedding'] });
    expect(await house.post(path, body)).toMatchObject({
      status: 501,
      answer: { error: '"fake" does not support embeddings' },
    });
    expect(house.asked).toEqual([]);
  });
});

it('knows its paths by POST alone', async () => {
  for (const path of ['/api/embed', '/api/embeddings']) {
    const response = await house.call('GET', path);
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({
      ...{ status: 405, allow: 'POST' },
    });
  }
});
