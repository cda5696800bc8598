/** Row 4 of the contract, tests 23, 27 and 28 of the best forty: `/api/chat`. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChatParams } from '#core/engine';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';
import { openScripted } from '../../fixtures/scripted-house';
import { checkCases, type Case } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const PATH = '/api/chat';
const user = (content: string) => ({ role: 'user', content });
const post = (body: Json) => house.ask('POST', PATH, { model: 'plain', ...body });
/** The whole answer to one message. */
async function say(content: string, more: Json = {}): Promise<Json> {
  return (await post({ messages: [user(content)], stream: false, ...more })).body;
}
const parameters = { type: 'object', properties: { town: { type: 'string' } }, required: ['town'] };
const tools = [
  { type: 'function', function: { name: 'weather', description: 'Tells it.', parameters } },
];
const refused = (what: string, body: Json, status: number, error: Case['error']): Case => ({
  ...{ row: '4', what, ask: ['POST', PATH, body], status, error },
});

describe('refusals', () => {
  const messages = [user('hi')];
  checkCases(
    () => house,
    [
      refused('trap a: no model', { messages }, 400, 'model is required'),
      refused('an empty model', { model: '', messages }, 400, 'model is required'),
      refused('trap b: an unknown model', { model: 'x', messages }, 404, "model 'x' not found"),
      refused('what can be no name', { model: '^', messages }, 400, 'invalid model name'),
      refused(
        'a model that writes nothing',
        { model: 'vectors', messages },
        400,
        '"vectors" does not support chat',
      ),
      refused(
        'think of a model that does not',
        { model: 'plain', messages, think: true, tools },
        400,
        '"plain" does not support thinking',
      ),
      refused(
        'tools of a model without',
        { model: 'plain', messages, tools },
        400,
        'registry.ollama.ai/library/plain:latest does not support tools',
      ),
      refused(
        'tools of a model without, of a namespace',
        { model: 'ACME/Plain', messages, tools },
        400,
        'registry.ollama.ai/acme/plain:latest does not support tools',
      ),
      refused(
        'top_logprobs beyond 20, before the model is looked for',
        { model: 'x', top_logprobs: 21 },
        400,
        'top_logprobs must be between 0 and 20',
      ),
      refused(
        'think of another kind',
        { model: 'able', messages, think: 'hard' },
        400,
        /^invalid think value: "hard"/,
      ),
      refused(
        'a role that nobody has',
        { model: 'plain', messages: [{ role: 'robot', content: 'x' }] },
        400,
        'message role must be one of "system", "user", "assistant", or "tool"',
      ),
      refused(
        'messages that are none',
        { model: 'plain', messages: 'hi' },
        400,
        '"messages" must be an array',
      ),
      refused(
        'a message that is none',
        { model: 'plain', messages: ['hi'] },
        400,
        'a message must be an object',
      ),
      refused(
        'a content that is no text',
        { model: 'plain', messages: [{ role: 'user', content: [] }] },
        400,
        'message content must be a string',
      ),
    ],
  );
});

describe('without messages', () => {
  const loaded = async () => (await house.ask('GET', '/api/ps')).body.models as Json[];
  const [head, said] = [
    [
      ['model', 'plain'],
      ['created_at', '2026-01-02T03:04:05.000Z'],
    ],
    ['message', { role: 'assistant', content: '' }],
  ];

  it.each([[undefined], [null], [[]]])('test 23: %j loads', async (messages) => {
    const answer = await post({ messages });
    expect(answer.type).toBe('application/json; charset=utf-8');
    const wanted = [...head, said, ['done', true], ['done_reason', 'load']];
    expect(Object.entries(answer.body)).toEqual(wanted);
    expect(await loaded()).toHaveLength(1);
  });

  it('test 25: and keep_alive 0 unloads, whatever the model can', async () => {
    const wanted = [...head, said, ['done', true], ['done_reason', 'unload']];
    expect(Object.entries((await post({ messages: [], keep_alive: 0 })).body)).toEqual(wanted);
    expect(await loaded()).toEqual([]);
    const other = await post({ model: 'vectors', keep_alive: '0s' });
    expect(other.body).toMatchObject({ done_reason: 'unload' });
    const loading = await post({ model: 'vectors' });
    expect(loading).toMatchObject({
      status: 400,
      body: { error: '"vectors" does not support chat' },
    });
  });
});

describe('an answer', () => {
  it('has its fields in their order, and no context', async () => {
    await post({ model: 'able', keep_alive: 0 });
    const body = await say('/think a thought | an answer', { model: 'able' });
    expect(Object.keys(body)).toEqual([
      ...[
        'model',
        'created_at',
        'message',
        'done',
        'done_reason',
        'total_duration',
        'load_duration',
      ],
      ...['prompt_eval_count', 'prompt_eval_duration', 'eval_count', 'eval_duration'],
    ]);
    expect(Object.keys(body.message as Json)).toEqual(['role', 'content', 'thinking']);
    const { lines } = await post({ messages: [user('hi')] });
    expect(Object.keys(lines[0]!)).toEqual(['model', 'created_at', 'message', 'done']);
    expect(lines.at(-1)).toMatchObject({ message: { role: 'assistant', content: '' }, done: true });
  });

  it('names the model as it was asked for', async () => {
    expect((await say('hi', { model: 'PLAIN:latest' })).model).toBe('PLAIN:latest');
  });

  it('trap h: ends with length at num_predict, and never with load', async () => {
    const body = await say('a b c', { options: { num_predict: 2 } });
    expect(body).toMatchObject({ done_reason: 'length', eval_count: 2 });
    expect((body.message as Json).content).toBe('You said:');
    expect(await say('a b c')).toMatchObject({ done_reason: 'stop', eval_count: 5 });
  });

  it('test 23: a role in any case, and every role', async () => {
    const messages = ['System', 'USER', 'assistant', 'Tool', 'user'].map((role) => ({
      role,
      content: 'x',
    }));
    expect((await post({ messages, stream: false })).body.prompt_eval_count).toBe(5);
  });

  it('the same seed writes the same text', async () => {
    const text = async (seed: number) => (await say('/random', { options: { seed } })).message;
    expect(await text(7)).toEqual(await text(7));
    expect(await text(7)).not.toEqual(await text(8));
  });

  it('row 4: log-probabilities stand beside the message', async () => {
    const body = await say('a', { logprobs: true, top_logprobs: 1 });
    expect((body.logprobs as Json[]).map(({ token }) => token).join('')).toBe('You said: a');
    expect(body.message).not.toHaveProperty('logprobs');
  });
});

describe('test 23: the model’s own system', () => {
  beforeAll(() => house.make('kind', { system: 'Be kind today.' }, { seed: 3 }));
  it.each([
    ['comes first', [user('hi')], 3 + 1],
    ['is not added to another', [{ role: 'system', content: 'Mine.' }, user('hi')], 1 + 1],
    ['is added to one that comes later', [user('hi'), { role: 'system', content: 'Mine.' }], 3 + 2],
  ])('%s', async (_what, messages, count) => {
    const { body } = await post({ model: 'kind', messages, stream: false });
    expect(body.prompt_eval_count).toBe(count);
  });
});

it('test 30: the oldest messages go, system messages and the last one stay', async () => {
  const system = (content: string) => ({ role: 'system', content });
  const messages = [
    system('a b'),
    user('one two three'),
    system('c'),
    user('four five'),
    user('six'),
  ];
  const count = async (num_ctx: number, more: Json = {}) => {
    const answer = await post({ messages, stream: false, options: { num_ctx }, ...more });
    return answer.body.prompt_eval_count ?? answer.status;
  };
  expect(await Promise.all([9, 8, 6, 5, 4].map((tokens) => count(tokens)))).toEqual([
    9, 6, 6, 4, 4,
  ]);
  expect(await count(8, { truncate: false })).toBe(400);
});

describe('test 23: tools', () => {
  const call = (...lines: string[]) => `/call ${lines.join('\n')}`;

  it('are called by name, with ids and arguments in their order', async () => {
    const content = call('weather {"zone":"b","town":"Graz","a":[1]}', 'weather {}');
    const { lines } = await post({ model: 'able', messages: [user(content)], tools });
    const calls = lines.flatMap(({ message }) => ((message as Json).tool_calls ?? []) as Json[]);
    expect(calls.map(({ id }) => /^call_[a-z0-9]{8}$/.test(id as string))).toEqual([true, true]);
    expect(JSON.stringify(calls.map((one) => one.function))).toBe(
      JSON.stringify([
        { index: 0, name: 'weather', arguments: { zone: 'b', town: 'Graz', a: [1] } },
        { index: 1, name: 'weather', arguments: {} },
      ]),
    );
    const whole = (await say(content, { model: 'able', tools })).message as Json;
    expect(whole.tool_calls).toEqual(calls);
    expect(whole.content).toBe('');
  });

  it('that are not called leave a text, and so do those that are not offered', async () => {
    expect((await say('no call', { model: 'able', tools })).message).toEqual({
      role: 'assistant',
      content: 'You said: no call',
    });
    const other = (await say(call('other {"a":1}'), { model: 'able', tools })).message;
    expect(other).toEqual({ role: 'assistant', content: 'other {"a":1}' });
  });
});

describe('thinking', () => {
  const [content, model] = ['/think Is it so? | It is.', 'able'];

  it.each([[undefined], [null], [true], ['low'], ['medium'], ['high'], ['max']])(
    'trap e: comes apart from the content, with think %j',
    async (think) => {
      const { lines } = await post({ model, messages: [user(content)], think });
      const said = lines.map(({ message }) => message as Json);
      expect(said.flatMap(({ thinking = [] }) => thinking).join('')).toBe('Is it so?');
      expect(said.map((one) => one.content).join('')).toBe('It is.');
      expect(said.some((one) => one.thinking && one.content)).toBe(false);
    },
  );

  it('trap e: is left out with think false', async () => {
    const { message } = await say(content, { model, think: false });
    expect(message).toEqual({ role: 'assistant', content: 'It is.' });
  });

  it.each([
    [false, undefined],
    [true, 'Is it so?'],
  ])('test 27: with a format and think %j', async (think, thinking) => {
    const format = {
      type: 'object',
      properties: { n: { type: 'integer', minimum: 3 }, is: { const: 'yes' } },
    };
    const message = (await say(content, { model, think, format })).message as Json;
    expect(message.thinking).toBe(thinking);
    expect(message.content).toBe('{"n":3,"is":"yes"}');
    const free = await say('x', { format: 'json' });
    expect((free.message as Json).content).toBe('{"said":"You said: x"}');
  });
});

it('test 28: an error in the middle ends the stream with it, with tools and thinking too, and the next request works', async () => {
  for (const more of [{}, { tools }, { think: true }, { format: 'json' }]) {
    const asked = { model: 'able', messages: [user('/error')], ...more };
    const { status, lines, body } = await post(asked);
    const error = 'The engine failed, as the scenario asks.';
    // With a format the fake engine writes nothing before its end: then it is a status.
    expect(status === 200 ? lines.at(-1) : body).toMatchObject({ error });
    expect(lines.some(({ done }) => done)).toBe(false);
    expect((await say('again')).done).toBe(true);
  }
});

describe('what the engine is given', () => {
  let scripted = openScripted();
  afterEach(() => scripted.close());

  async function asked(body: Json): Promise<ChatParams> {
    scripted = openScripted({ engine: ['thinking'], model: ['thinking'] });
    expect((await scripted.post(PATH, { stream: false, ...body })).status).toBe(200);
    return scripted.asked[0] as ChatParams;
  }

  it('thoughts of earlier messages, the assistant’s alone', async () => {
    const earlier = { content: 'a', thinking: 'b' };
    const messages = [{ role: 'user', ...earlier }, { role: 'assistant', ...earlier }, user('c')];
    expect((await asked({ messages })).messages).toEqual([
      ...[{ role: 'user', content: 'a' }, { role: 'assistant', ...earlier }, user('c')],
    ]);
  });

  it.each([true, false, 'low', 'max'])('think %j', async (think) => {
    expect((await asked({ messages: [user('a')], think })).think).toBe(think);
  });

  it('shift false, among the options; nothing where nobody says so', async () => {
    const messages = [user('a')];
    expect((await asked({ messages, shift: false })).options.shift).toBe(false);
    for (const shift of [null, undefined]) {
      expect((await asked({ messages, shift })).options).not.toHaveProperty('shift');
    }
  });
});
