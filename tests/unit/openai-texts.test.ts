/** `/v1/completions`, `/v1/embeddings`, and what all paths of `/v1` refuse in the same way. */
import { afterEach, describe, expect, it } from 'vitest';
import type { EmbedParams } from '#core/engine';
import { refused } from '../fixtures/openai-envelope';
import { openScripted, type Json, type Script } from '../fixtures/scripted-house';

const ALL: Script = {
  engine: ['insert', 'logprobs', 'embedding'],
  model: ['insert', 'embedding'],
  embed: ({ input }) =>
    Promise.resolve({
      vectors: input.map((_, at) => new Float32Array([3, 4 * (at + 1)])),
      promptTokens: 5,
    }),
};

let house = openScripted(ALL);
afterEach(() => {
  house.close();
  house = openScripted(ALL);
});

const user = { role: 'user', content: 'Hello' };

describe('completions', () => {
  const complete = (more: Json = {}) => house.post('/v1/completions', { prompt: 'Hello', ...more });

  it('are asked of the template, with OpenAI’s options', async () => {
    await complete({ suffix: 'end', stop: 'x', max_tokens: 3, logprobs: 2 });
    expect(house.asked[0]).toMatchObject({
      messages: [user],
      suffix: 'end',
      options: {
        ...{ temperature: 1, top_p: 1, frequency_penalty: 0, presence_penalty: 0 },
        ...{ stop: ['x'], num_predict: 3, logprobs: true, top_logprobs: 2 },
      },
    });
  });

  it.each<[body: Json, message: string]>([
    [{ prompt: ['Hello'] }, '"prompt" must be a string'],
    [{ prompt: [1, 2] }, '"prompt" must be a string'],
    [{ stop: [1, 2] }, "invalid type for 'stop' field: float64"],
    [{ logprobs: true }, '"logprobs" must be an integer'],
    [{ logprobs: 21 }, 'top_logprobs must be between 0 and 20'],
  ])('%j are refused', async (body, message) => {
    expect(await complete(body)).toEqual(refused(400, message));
  });

  it('refuse a model that is not here as generate does', async () => {
    expect(await complete({ model: 'none' })).toEqual(refused(404, "model 'none' not found"));
    expect(await complete({ model: undefined })).toEqual(refused(404, "model '' not found"));
  });
});

describe('embeddings', () => {
  const embed = (more: Json = {}) => house.post('/v1/embeddings', { input: 'Hello', ...more });
  const list = (vectors: unknown[]) => ({
    status: 200,
    answer: {
      object: 'list',
      data: vectors.map((embedding, index) => ({ object: 'embedding', embedding, index })),
      model: 'fake',
      usage: { prompt_tokens: 5, total_tokens: 5 },
    },
  });

  it('are vectors of length 1, a text each', async () => {
    expect(await embed()).toEqual(list([[0.6, 0.8]]));
    const { answer } = await embed({ input: ['Hello', 'World'], encoding_format: 'Float' });
    expect((answer as { data: Json[] }).data.map(({ index }) => index)).toEqual([0, 1]);
    expect((house.asked[1] as EmbedParams).input).toEqual(['Hello', 'World']);
  });

  it('are bytes, the smallest first', async () => {
    const bytes = Buffer.alloc(8);
    bytes.writeFloatLE(0.6, 0);
    bytes.writeFloatLE(0.8, 4);
    expect(await embed({ encoding_format: 'base64' })).toEqual(list([bytes.toString('base64')]));
  });

  it('are cut, and of length 1 again', async () => {
    expect(await embed({ dimensions: 1 })).toEqual(list([[1]]));
  });

  it('take an empty text for a text', async () => {
    expect((await embed({ input: '' })).status).toBe(200);
    expect((house.asked[0] as EmbedParams).input).toEqual(['']);
  });

  it.each<[body: Json, message: string]>([
    [{ input: undefined }, 'invalid input'],
    [{ input: null }, 'invalid input'],
    [{ input: [] }, 'invalid input'],
    [{ input: [1, 2] }, 'invalid input type'],
    [{ input: { a: 1 } }, 'invalid input type'],
    [{ encoding_format: 7 }, '"encoding_format" must be a string'],
    [
      { encoding_format: 'hex' },
      "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].",
    ],
  ])('%j are refused', async (body, message) => {
    expect(await embed(body)).toEqual(refused(400, message));
  });

  it('are refused for a model that makes none', async () => {
    house.close();
    house = openScripted();
    expect(await embed()).toEqual(refused(501, 'this model does not support embeddings'));
  });
});

describe('paths, verbs and bodies', () => {
  const ask = async (method: string, path: string, body?: string) => {
    const response = await house.call(method, path, body);
    expect(response.headers.get('content-type')).toBe('application/json');
    const allow = response.headers.get('allow');
    return {
      status: response.status,
      answer: (await response.json()) as Json,
      ...(allow && { allow }),
    };
  };

  it.each(['/v1', '/v1/', '/v1/nothing', '/v1/models/', '/v1/chat/completions/', '/v1%2fmodels'])(
    'has no %s',
    async (path) => {
      expect(await ask('GET', path)).toEqual(refused(404, `no such endpoint: ${path}`));
    },
  );

  it.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['OPTIONS', '/v1/completions', 'POST'],
    ['DELETE', '/v1/models/fake', 'GET, HEAD'],
    ['constructor', '/v1/models', 'GET, HEAD'],
  ])('refuses %s of %s', async (method, path, allow) => {
    expect(await ask(method, path)).toEqual({
      ...refused(405, `${method} is not allowed for ${path}`),
      allow,
    });
  });

  it('answers HEAD without a body', async () => {
    for (const [path, status] of [
      ['/v1/models', 200],
      ['/v1/models/none', 404],
      ['/v1/embeddings', 405],
    ] as const) {
      const response = await house.call('HEAD', path);
      expect([response.status, await response.text()]).toEqual([status, '']);
    }
  });

  it.each(['/v1/chat/completions', '/v1/completions', '/v1/embeddings'])(
    '%s reads JSON',
    async (path) => {
      expect(await ask('POST', path, ' ')).toEqual(refused(400, 'missing request body'));
      expect(await ask('POST', path, '[]')).toEqual(
        refused(400, 'the request body must be a JSON object'),
      );
      expect(await ask('POST', path, '{"model":')).toMatchObject({
        status: 400,
        answer: { error: { type: 'invalid_request_error', param: null, code: null } },
      });
    },
  );
});
