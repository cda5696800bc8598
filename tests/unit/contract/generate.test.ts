/** Row 3 of the contract, tests 24, 25, 27 and 28 of the best forty: `/api/generate`. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChatParams, CompleteParams } from '#core/engine';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';
import { installed, openHouse } from '../../fixtures/house';
import { openScripted } from '../../fixtures/scripted-house';
import { checkCases, type Case } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const PATH = '/api/generate';
const post = (body: Json) => house.ask('POST', PATH, { model: 'plain', ...body });
const RAW = 'raw mode does not support template, system, or context';
const refused = (what: string, body: Json, status: number, error: Case['error']): Case => ({
  ...{ row: '3', what, ask: ['POST', PATH, body], status, error },
});

describe('refusals', () => {
  checkCases(
    () => house,
    [
      refused('trap a: no model', { prompt: 'x' }, 404, "model '' not found"),
      refused('an empty model', { model: '' }, 404, "model '' not found"),
      refused('trap b: an unknown model', { model: 'x', prompt: 'y' }, 404, "model 'x' not found"),
      refused('as it was spelled', { model: 'A/x:T' }, 404, "model 'A/x:T' not found"),
      refused('what can be no name', { model: '^' }, 400, 'invalid model name'),
      refused(
        'a model that writes nothing',
        { model: 'vectors', prompt: 'x' },
        ...([400, '"vectors" does not support generate'] as const),
      ),
      refused(
        'a load of a model that writes nothing',
        { model: 'vectors' },
        ...([400, '"vectors" does not support generate'] as const),
      ),
      refused(
        'suffix without insert',
        { model: 'plain', prompt: 'x', suffix: 'y' },
        ...([400, 'registry.ollama.ai/library/plain:latest does not support insert'] as const),
      ),
      refused(
        'suffix without insert, of a namespace',
        { model: 'acme/plain', prompt: 'x', suffix: 'y' },
        ...([400, 'registry.ollama.ai/acme/plain:latest does not support insert'] as const),
      ),
      ...[true, 'low', 'medium', 'high', 'max'].map((think) =>
        refused(
          `think ${JSON.stringify(think)} of a model that does not`,
          { model: 'plain', prompt: 'x', think, suffix: 'y' },
          ...([400, '"plain" does not support thinking'] as const),
        ),
      ),
      ...['hard', '', 1, {}, ['high']].map((think) =>
        refused(
          `think ${JSON.stringify(think)}`,
          { model: 'able', prompt: 'x', think },
          ...([
            400,
            /^invalid think value: .* \(must be "high", "medium", "low", "max", true, or false\)$/,
          ] as const),
        ),
      ),
      ...[{ template: 't' }, { system: 's' }, { context: [1] }].map((more) =>
        refused(
          `raw with ${JSON.stringify(more)}`,
          { model: 'plain', prompt: 'x', raw: true, ...more },
          ...([400, RAW] as const),
        ),
      ),
      ...[-1, 21].map((top_logprobs) =>
        refused(
          `top_logprobs ${top_logprobs}, before the model is looked for`,
          { model: 'x', prompt: 'y', top_logprobs },
          ...([400, 'top_logprobs must be between 0 and 20'] as const),
        ),
      ),
      refused(
        'a prompt that is no text',
        { model: 'plain', prompt: ['x'] },
        400,
        '"prompt" must be a string',
      ),
      refused(
        'a context of words',
        { model: 'plain', prompt: 'x', context: ['a'] },
        400,
        '"context" must be an array of tokens',
      ),
    ],
  );
});

describe('without a prompt', () => {
  const loaded = async () => (await house.ask('GET', '/api/ps')).body.models as Json[];

  it('test 24: loads, in one piece though nobody asked for that', async () => {
    const answer = await post({});
    expect(answer.type).toBe('application/json; charset=utf-8');
    expect(Object.entries(answer.body)).toEqual([
      ...[
        ['model', 'plain'],
        ['created_at', '2026-01-02T03:04:05.000Z'],
        ['response', ''],
      ],
      ...[
        ['done', true],
        ['done_reason', 'load'],
      ],
    ]);
    expect(await loaded()).toHaveLength(1);
  });

  it.each([0, '0', '0s', 0.0])('test 25: unloads for keep_alive %j', async (keep_alive) => {
    await post({ prompt: '' });
    const { body } = await post({ prompt: '', keep_alive });
    expect(Object.entries(body)).toEqual([
      ...[
        ['model', 'plain'],
        ['created_at', '2026-01-02T03:04:05.000Z'],
        ['response', ''],
      ],
      ...[
        ['done', true],
        ['done_reason', 'unload'],
      ],
    ]);
    expect(await loaded()).toEqual([]);
  });

  it('test 25: unloads a model that is not loaded, and one that makes embeddings', async () => {
    expect((await post({ keep_alive: 0 })).body.done_reason).toBe('unload');
    await house.ask('POST', '/api/embed', { model: 'vectors', input: 'a' });
    expect(await loaded()).toHaveLength(1);
    const { body } = await post({ model: 'vectors', keep_alive: 0 });
    expect(body).toMatchObject({ model: 'vectors', done_reason: 'unload' });
    expect(await loaded()).toEqual([]);
  });
});

describe('an answer', () => {
  it('has its fields in their order, with whole nanoseconds', async () => {
    await post({ keep_alive: 0 });
    const ask = { model: 'able', prompt: '/think a thought | an answer', keep_alive: 0 };
    const { body } = await post({ ...ask, stream: false });
    expect(Object.keys(body)).toEqual([
      ...['model', 'created_at', 'response', 'thinking', 'done', 'done_reason', 'context'],
      ...['total_duration', 'load_duration', 'prompt_eval_count', 'prompt_eval_duration'],
      ...['eval_count', 'eval_duration'],
    ]);
    const durations = Object.entries(body).filter(([key]) => key.endsWith('_duration'));
    expect(durations.every(([, value]) => Number.isInteger(value) && Number(value) > 0)).toBe(true);
    expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    const { lines } = await post(ask);
    expect(Object.keys(lines[0]!)).toEqual(['model', 'created_at', 'response', 'thinking', 'done']);
  });

  it('trap c: leaves out what is zero', async () => {
    await post({ prompt: 'x', stream: false });
    const { body } = await post({
      prompt: ' ',
      raw: true,
      options: { num_predict: 0 },
      stream: false,
    });
    for (const key of ['load_duration', 'prompt_eval_count', 'eval_count', 'context', 'thinking']) {
      expect(body).not.toHaveProperty(key);
    }
    expect(body).toMatchObject({ response: '', done: true, done_reason: 'length' });
  });

  it('trap h: ends with stop, or with length at num_predict', async () => {
    const all = (await post({ prompt: 'a b' })).lines;
    expect(all.at(-1)).toMatchObject({ done_reason: 'stop', eval_count: 4, response: '' });
    const some = (await post({ prompt: 'a b', options: { num_predict: 3 } })).lines;
    expect(some.at(-1)).toMatchObject({ done_reason: 'length', eval_count: 3 });
    expect(some.map(({ response }) => response).join('')).toBe('You said: a');
  });

  it('test 24: fills a gap', async () => {
    const body = { model: 'able', prompt: 'def add(', suffix: 'return c', stream: false };
    expect((await post(body)).body.response).toBe('between def add( and return c');
  });

  it('the same seed writes the same text, and others another', async () => {
    const text = async (seed?: number) =>
      (await post({ prompt: '/random', stream: false, options: { seed } })).body.response;
    const first = await text(7);
    expect(await text(7)).toBe(first);
    expect(await text(8)).not.toBe(first);
    expect(await text()).not.toBe(await text());
    expect(await text(-1)).not.toBe(await text(-1));
  });
});

describe('thinking', () => {
  const think = (more: Json) =>
    post({ model: 'able', prompt: '/think Is it so? | It is.', ...more });

  it.each([[undefined], [null], [true], ['low'], ['medium'], ['high'], ['max']])(
    'trap e: comes apart from the answer, with think %j',
    async (value) => {
      const { lines } = await think({ think: value });
      expect(lines.map(({ thinking, response }) => [thinking, response])).toEqual([
        ...[
          ['Is', ''],
          [' it', ''],
          [' so?', ''],
        ],
        ...[
          [undefined, 'It'],
          [undefined, ' is.'],
          [undefined, ''],
        ],
      ]);
      const { body } = await think({ think: value, stream: false });
      expect(body).toMatchObject({ thinking: 'Is it so?', response: 'It is.' });
    },
  );

  it('trap e: is left out with think false, of a model that cannot think too', async () => {
    const { body } = await think({ think: false, stream: false });
    expect(body.response).toBe('It is.');
    expect(body).not.toHaveProperty('thinking');
    const plain = await post({ prompt: 'x', think: false, stream: false });
    expect(plain).toMatchObject({ status: 200, body: { response: 'You said: x' } });
  });

  it('test 27: stays apart from what has a format', async () => {
    const format = {
      type: 'object',
      properties: { answer: { type: 'string' }, sure: { type: 'boolean' } },
    };
    for (const [value, thinking] of [
      [true, 'Is it so?'],
      [false, undefined],
    ]) {
      const { body } = await think({ think: value, format, stream: false });
      expect(body.thinking).toBe(thinking);
      expect(body.response).toBe('{"answer":"It is.","sure":true}');
    }
  });
});

describe('test 30: a prompt that is longer than the context', () => {
  const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`).join(' ');
  const LONG = /^the prompt is longer than the context length currently available to the model; /;

  it.each([
    [8, 3, 6, 'w0 w1 w2 w17 w18 w19'],
    [16, undefined, 10, 'w0 w1 w2 w3 w14 w15 w16 w17 w18 w19'],
    [8, 99, 7, 'w0 w1 w2 w3 w4 w5 w6'],
  ])('num_ctx %d, num_keep %d: %d tokens are left', async (num_ctx, num_keep, count, left) => {
    for (const raw of [false, true]) {
      const options = { num_ctx, num_keep };
      const { body } = await post({ prompt: words(20), raw, stream: false, options });
      expect(body).toMatchObject({ prompt_eval_count: count, response: `You said: ${left}` });
    }
  });

  it.each([{ shift: false }, { truncate: false }, { shift: false, raw: true }])(
    'is refused with %j, and the next one is not',
    async (more) => {
      const options = { num_ctx: 8 };
      const answer = await post({ prompt: words(20), options, ...more });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ detail: { promptTokens: 20, contextLength: 8 } });
      expect(answer.body.error).toMatch(LONG);
      expect((await post({ prompt: words(8), options, stream: false, ...more })).status).toBe(200);
    },
  );
});

describe('context', () => {
  it('is told, and what is sent back comes before the next prompt', async () => {
    const first = (await post({ prompt: 'one two', stream: false })).body;
    const context = first.context as number[];
    expect(context.every(Number.isInteger)).toBe(true);
    expect(context).toHaveLength(2 + 4);
    const second = (await post({ prompt: 'three', context, stream: false })).body;
    expect(second.prompt_eval_count).toBe(context.length + 1);
    expect((second.context as number[]).slice(0, context.length)).toEqual(context);
    const none = (await post({ prompt: 'three', context: [], stream: false })).body;
    expect(none.prompt_eval_count).toBe(1);
  });

  it('is in the last line alone, and not behind a raw prompt', async () => {
    const { lines } = await post({ prompt: 'one' });
    expect(lines.filter((line) => 'context' in line)).toEqual([lines.at(-1)]);
    const raw = await post({ prompt: 'one', raw: true });
    expect(raw.lines.some((line) => 'context' in line)).toBe(false);
  });
});

it('row 3: log-probabilities come with their piece, with as many likely ones as asked for', async () => {
  const { lines } = await post({ prompt: 'a', logprobs: true, top_logprobs: 2 });
  const [first] = lines[0]!.logprobs as Json[];
  expect(first).toMatchObject({ token: 'You', logprob: -0.5, bytes: [89, 111, 117] });
  expect(first!.top_logprobs).toHaveLength(2);
  expect(lines.at(-1)).not.toHaveProperty('logprobs');
  const { body } = await post({ prompt: 'a', logprobs: true, stream: false });
  expect((body.logprobs as Json[]).map(({ token }) => token).join('')).toBe('You said: a');
  expect(JSON.stringify(body.logprobs)).not.toContain('top_logprobs');
});

describe('what the engine is given', () => {
  let scripted = openScripted();
  afterEach(() => scripted.close());

  async function asked<T>(body: Json): Promise<T> {
    scripted = openScripted({ engine: ['thinking', 'insert'], model: ['thinking', 'insert'] });
    const { status } = await scripted.post(PATH, { stream: false, ...body });
    expect(status).toBe(200);
    return scripted.asked[0] as T;
  }
  const user = { role: 'user', content: 'hi' };

  it.each<[what: string, body: Json, has: Json]>([
    ['a prompt', {}, { messages: [user], truncate: true, tellContext: true }],
    ['a system prompt', { system: 'S' }, { messages: [{ role: 'system', content: 'S' }, user] }],
    ['a template', { template: 'T' }, { template: 'T' }],
    ['a suffix', { suffix: 'end' }, { suffix: 'end' }],
    ['thinking', { think: 'high' }, { think: 'high' }],
    ['no thinking', { think: false }, { think: false }],
    ['tokens', { context: [3, 4] }, { context: [3, 4] }],
    ['no truncation', { truncate: false }, { truncate: false }],
    ['no shift', { shift: false }, { options: expect.objectContaining({ shift: false }) }],
  ])('test 24: %s', async (_what, body, has) => {
    expect(await asked<ChatParams>({ prompt: 'hi', ...body })).toMatchObject(has);
  });

  it('test 24: a raw prompt as it is', async () => {
    const params = await asked<CompleteParams>({ prompt: '[INST] hi', raw: true, truncate: false });
    expect(params).toMatchObject({ prompt: '[INST] hi', truncate: false });
    expect(params).not.toHaveProperty('messages');
  });

  it('says nothing of thinking where nobody asked', async () => {
    for (const think of [undefined, null]) {
      expect(await asked<ChatParams>({ prompt: 'hi', think })).not.toHaveProperty('think');
    }
  });
});

it('the model’s own system and messages come first, unless the request or its tokens bring them', async () => {
  const messages = JSON.stringify([
    { role: 'user', content: 'one two' },
    { role: 'assistant', content: 'three' },
  ]);
  const own = openHouse([installed('fake', { system: 'Be brief.', messages })]);
  const count = async (body: Json) => {
    const asked = { model: 'fake', prompt: 'x', stream: false, ...body };
    return ((await (await own.call('POST', PATH, asked)).json()) as Json).prompt_eval_count;
  };
  expect(await count({})).toBe(2 + 3 + 1);
  expect(await count({ system: 'Mine.' })).toBe(1 + 3 + 1);
  expect(await count({ context: [5] })).toBe(1 + 2 + 1);
  expect(await count({ raw: true })).toBe(1);
  own.close();
});
