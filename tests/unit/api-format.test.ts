/** `format`, `logprobs` and images through the server's door: parsed, refused by what can be done, and answered. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatParams, TokenLogprob } from '#core/engine';
import { FINAL, openScripted, type Json, type Script } from '../fixtures/scripted-house';

let house = openScripted();
afterEach(() => house.close());

function open(script: Script) {
  house.close();
  house = openScripted(script);
}

const ALL: Script = {
  engine: ['format', 'logprobs', 'tools', 'vision'],
  model: ['tools', 'vision'],
};
const base64 = (bytes: number[]) => btoa(String.fromCharCode(...bytes));
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255];
const WEBP = [...'RIFF']
  .map((letter) => letter.charCodeAt(0))
  .concat([1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50]);
const SCHEMA = { type: 'object', properties: { z: { type: 'string' }, a: { type: 'integer' } } };

/** The same field on each route that knows it. */
const ROUTES: [path: string, field: (more: Json) => Json][] = [
  ['/api/chat', (more) => ({ messages: [{ role: 'user', content: 'hi' }], ...more })],
  ['/api/generate', (more) => ({ prompt: 'hi', ...more })],
  ['/api/generate', (more) => ({ prompt: 'hi', raw: true, ...more })],
];

describe.each(ROUTES)('%s', (path, body) => {
  it.each([['json'], [SCHEMA], [{}]])(
    'hands the format %j to the engine as it is',
    async (format) => {
      open(ALL);
      const { status } = await house.post(path, body({ format, stream: false }));
      expect(status).toBe(200);
      expect(house.asked).toEqual([expect.objectContaining({ format })]);
      expect(JSON.stringify((house.asked[0] as ChatParams).format)).toBe(JSON.stringify(format));
    },
  );

  it.each([[undefined], [null], ['']])('takes the format %j as not asked', async (format) => {
    open({});
    const { status } = await house.post(path, body({ format, stream: false }));
    expect(status).toBe(200);
    expect(house.asked[0]).not.toHaveProperty('format');
  });

  it.each([['yaml'], [true], [7], [[SCHEMA]]])(
    'refuses the format %j, and asks nobody',
    async (format) => {
      open(ALL);
      const shown = JSON.stringify(JSON.stringify(format));
      const error = `invalid format: ${shown}; expected "json" or a valid JSON Schema object`;
      expect(await house.post(path, body({ format }))).toMatchObject({
        status: 400,
        answer: { error },
      });
      expect(house.runners).toEqual([]);
    },
  );

  it.each([
    [{ top_logprobs: 21 }, 'top_logprobs must be between 0 and 20'],
    [{ top_logprobs: -1 }, 'top_logprobs must be between 0 and 20'],
    [{ top_logprobs: 1.5 }, 'top_logprobs must be between 0 and 20'],
    [{ top_logprobs: '3' }, 'top_logprobs must be between 0 and 20'],
    [{ logprobs: 'yes' }, '"logprobs" must be a boolean'],
  ])('refuses %j', async (more, error) => {
    open(ALL);
    expect(await house.post(path, body(more))).toMatchObject({ status: 400, answer: { error } });
    expect(house.runners).toEqual([]);
  });

  it.each([
    [
      { logprobs: true, top_logprobs: 2 },
      { logprobs: true, top_logprobs: 2 },
    ],
    [{ logprobs: true }, { logprobs: true, top_logprobs: 0 }],
    [{ top_logprobs: 2 }, {}],
    [{ logprobs: false, top_logprobs: 2 }, {}],
  ])('asks the engine for %j as %j', async (more, wanted) => {
    open(ALL);
    await house.post(path, body({ ...more, stream: false }));
    const { logprobs, top_logprobs } = (house.asked[0] as ChatParams).options;
    expect({ logprobs, top_logprobs }).toEqual({
      ...{ logprobs: undefined, top_logprobs: undefined },
      ...wanted,
    });
  });

  it.each([
    ['format', { format: 'json' }],
    ['logprobs', { logprobs: true }],
  ])('refuses %s where the loaded engine has none, before it is asked', async (field, more) => {
    open({});
    for (const stream of [true, false]) {
      expect(await house.post(path, body({ ...more, stream }))).toEqual({
        status: 400,
        answer: {
          error: `"fake" does not support ${field}`,
          code: 'not_supported',
          detail: { model: 'fake', field },
        },
      });
    }
    expect(house.runners).toHaveLength(1);
    expect(house.asked).toEqual([]);
    expect((await house.post(path, body({ stream: false }))).status).toBe(200);
  });

  it('hands the format of a GGUF model on as any other', async () => {
    open({ ...ALL, format: 'gguf' });
    expect((await house.post(path, body({ format: 'json', stream: false }))).status).toBe(200);
    expect(house.asked).toEqual([expect.objectContaining({ format: 'json' })]);
  });

  it.each([
    ['refers to itself', { $ref: '#' }],
    ['refers to nowhere', { $ref: '#/$defs/nowhere' }],
    ['has 1 MB', { enum: ['x'.repeat(2 ** 20)] }],
    ['is nested 400 deep', JSON.parse('{"items":'.repeat(400) + '{}' + '}'.repeat(400)) as Json],
    ['has a pattern without end', { pattern: '(a{1000}){1,'.repeat(90) }],
    ['has words that nothing can be held to', { not: { type: 'string' } }],
  ])('refuses a schema that %s before a load, and answers the next', async (_, format) => {
    open(ALL);
    const { status, answer } = await house.post(path, body({ format }));
    expect(status).toBe(400);
    expect(answer).toMatchObject({ error: expect.stringMatching(/^invalid format: /) as string });
    expect(house.runners).toEqual([]);
    const next = await house.post(path, body({ format: SCHEMA, stream: false }));
    expect(next.status).toBe(200);
  });
});

describe('log-probabilities in the answer', () => {
  const likely = (token: string, logprob: number) => ({
    token,
    bytes: [token.charCodeAt(0)],
    logprob,
  });
  const chosen = (token: string, top: string[]): TokenLogprob => ({
    ...likely(token, -0.5),
    top_logprobs: top.map((other, at) => likely(other, -0.5 - at)),
  });
  const chunks: Script['chunks'] = [
    { type: 'delta', content: 'ab', logprobs: [chosen('a', ['a', 'x']), chosen('b', [])] },
    { type: 'delta', content: 'c' },
    {
      type: 'delta',
      content: '',
      logprobs: [
        {
          ...{ token: '</s>', bytes: [], logprob: -Infinity },
          top_logprobs: [likely('y', -0.25), likely('n', -Infinity), likely('m', -3.4e38)],
        },
      ],
    },
    FINAL,
  ];
  const written = [
    { ...likely('a', -0.5), top_logprobs: [likely('a', -0.5), likely('x', -1.5)] },
    likely('b', -0.5),
    { token: '</s>', logprob: -9999, top_logprobs: [likely('y', -0.25)] },
  ];

  it.each(ROUTES.slice(0, 2))(
    '%s: one list, or with the piece that they are of',
    async (path, body) => {
      open({ ...ALL, chunks });
      const asking = body({ logprobs: true, top_logprobs: 2 });
      const whole = (await house.post(path, { ...asking, stream: false })).answer as Json;
      expect(whole.logprobs).toEqual(written);
      const streamed = (await house.post(path, asking)).answer as Json[];
      expect(streamed.map(({ logprobs }) => logprobs)).toEqual([
        written.slice(0, 2),
        undefined,
        written.slice(2),
        undefined,
      ]);
      expect(streamed.at(-1)).toMatchObject({ done: true, done_reason: 'stop' });
    },
  );
});

describe('images', () => {
  const chat = (...images: unknown[]) => ({
    stream: false,
    messages: [
      { role: 'user', content: 'look', images },
      { role: 'user', content: 'well?' },
    ],
  });
  const prompt = (...images: unknown[]) => ({ stream: false, prompt: 'look', images });
  const jpeg = base64([0xff, 0xd8, 0xff, 0xe0, 1]);
  const wrap = (images: number[][]) => images.map((bytes) => Uint8Array.from(bytes));

  it.each([
    ['/api/chat', chat(base64(PNG), base64(WEBP), jpeg)],
    ['/api/generate', prompt(base64(PNG), base64(WEBP), jpeg)],
  ])('%s: reach the engine as bytes, in their message', async (path, body) => {
    open(ALL);
    expect((await house.post(path, body)).status).toBe(200);
    const [first, ...others] = (house.asked[0] as ChatParams).messages;
    expect(first).toEqual({
      ...{ role: 'user', content: 'look' },
      images: wrap([PNG, WEBP, [0xff, 0xd8, 0xff, 0xe0, 1]]),
    });
    expect(others.every((message) => !('images' in message))).toBe(true);
  });

  const large = 'A'.repeat(28_000_000);
  it.each<[images: unknown, status: number, error: string | RegExp]>([
    [['*'], 400, 'image 1 is not valid base64'],
    [[base64(PNG), 'abc=='], 400, 'image 2 is not valid base64'],
    [[`data:image/png;base64,${base64(PNG)}`], 400, 'image 1 is not valid base64'],
    [[7], 400, 'image 1 must be a base64 string'],
    [[''], 400, 'image 1 must be a base64 string'],
    ['x', 400, '"images" must be an array'],
    [[btoa('GIF89a and more')], 400, 'an image must be a PNG, JPEG or WebP file'],
    [[base64(PNG), large], 413, /^image 2 is larger than 20/],
  ])('are refused: %#', async (images, status, error) => {
    open(ALL);
    const messages = [{ role: 'user', content: 'look', images }];
    for (const [path, body] of [
      ['/api/chat', { messages }],
      ['/api/generate', { prompt: 'look', images }],
    ] as const) {
      const { status: given, answer } = await house.post(path, body);
      expect({ given, path }).toEqual({ given: status, path });
      expect((answer as Json).error).toMatch(error);
    }
    expect(house.runners).toEqual([]);
  });

  it.each<[who: string, Script]>([
    ['of which the model knows nothing', { engine: ['vision'] }],
    ['that no engine of its format reads', { format: 'gguf', model: ['vision'] }],
  ])('are refused to a model %s, without a load', async (_, script) => {
    open(script);
    for (const [path, body] of [
      ['/api/chat', chat('eA==')],
      ['/api/generate', prompt('eA==')],
    ] as const) {
      expect(await house.post(path, body)).toMatchObject({
        status: 400,
        answer: { error: 'this model does not support images', code: 'not_supported' },
      });
    }
    expect(house.runners).toEqual([]);
  });

  it('are refused by an engine that cannot see, and in a raw prompt', async () => {
    open({ model: ['vision'] });
    expect(await house.post('/api/chat', chat(base64(PNG)))).toMatchObject({
      status: 400,
      answer: { error: '"fake" does not support images', detail: { field: 'images' } },
    });
    open(ALL);
    expect(await house.post('/api/generate', { ...prompt(base64(PNG)), raw: true })).toMatchObject({
      status: 400,
      answer: { error: 'raw mode does not support images' },
    });
    expect(house.asked).toEqual([]);
  });

  it('empty lists of them are none', async () => {
    open({});
    expect((await house.post('/api/chat', chat())).status).toBe(200);
    expect((await house.post('/api/generate', prompt())).status).toBe(200);
  });
});
