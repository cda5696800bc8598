/** What `/v1` answers: whole, and as events, byte for byte. */
import { afterEach, describe, expect, it } from 'vitest';
import type { DeltaChunk, EngineChunk, FinalChunk, Logprob } from '#core/engine';
import { installed, openHouse } from '../fixtures/house';
import { FINAL, openScripted, type Json } from '../fixtures/scripted-house';

let house = openHouse();
afterEach(() => house.close());

/** From now on the model `fake` says this. */
function open(...chunks: EngineChunk[]) {
  house.close();
  const scripted = openScripted({ engine: ['tools', 'logprobs'], model: ['tools'], chunks });
  house = scripted;
  return scripted;
}

function openModels(...names: string[]) {
  house.close();
  house = openHouse(names.map((name, at) => installed(name, {}, 'abc'[at])));
}

const delta = (content: string, more: Partial<DeltaChunk> = {}): DeltaChunk => ({
  type: 'delta',
  content,
  ...more,
});
const LENGTH: EngineChunk = { ...(FINAL as FinalChunk), reason: 'length' };
const call = (town: string) => ({
  id: `call_${town}`,
  name: 'weather',
  arguments: { zone: 'b', town, x: null },
});
const written = (index: number, town: string) => ({
  id: `call_${town}`,
  index,
  type: 'function',
  function: { name: 'weather', arguments: `{"zone":"b","town":"${town}","x":null}` },
});
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

/** 2026-01-02T03:04:05Z, the house's time. */
const CREATED = 1767323045;
const messages = [{ role: 'user', content: 'Hello' }];

async function post(path: string, body: Json) {
  const response = await house.call('POST', path, { model: 'fake', ...body });
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), text: await response.text() };
}

/** The data of each event, whose bytes are checked; JSON is read, and its head left out. */
async function events(path: string, body: Json, head: Json): Promise<unknown[]> {
  const { type, text } = await post(path, { stream: true, ...body });
  expect(type).toBe('text/event-stream');
  expect(text).toMatch(/^(data: [^\n]+\n\n)+$/);
  const data = text
    .split('\n\n')
    .slice(0, -1)
    .map((event) => event.replace('data: ', ''));
  const ids = new Set<unknown>();
  const read = data.map((one) => {
    if (one === '[DONE]') return one;
    const { id, ...chunk } = JSON.parse(one) as Json;
    if ('error' in chunk) return chunk;
    ids.add(id);
    expect(chunk).toMatchObject(head);
    return Object.fromEntries(Object.entries(chunk).filter(([key]) => !(key in head)));
  });
  expect(ids.size).toBe(1);
  expect([...ids][0]).toMatch(path.includes('chat') ? /^chatcmpl-\d+$/ : /^cmpl-\d+$/);
  return read;
}

const shared = { created: CREATED, model: 'fake', system_fingerprint: 'fp_ollama' };
const chatEvents = (body: Json = {}) =>
  events(
    '/v1/chat/completions',
    { messages, ...body },
    { object: 'chat.completion.chunk', ...shared },
  );
const textEvents = (body: Json = {}) =>
  events('/v1/completions', { prompt: 'Hello', ...body }, { object: 'text_completion', ...shared });

/** A chunk of a chat. */
const says = (delta: Json, more: Json = {}) => ({
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const ends = (finish_reason: string) => ({ choices: [{ index: 0, delta: {}, finish_reason }] });
const role = 'assistant';

describe('a streamed chat', () => {
  it('tells the role once, and why it ended in a chunk of its own', async () => {
    open(delta('Hel'), delta('lo.'), FINAL);
    expect(await chatEvents()).toEqual([
      says({ role, content: 'Hel' }),
      says({ content: 'lo.' }),
      ends('stop'),
      '[DONE]',
    ]);
  });

  it('has these bytes', async () => {
    open(delta('Grüß\n\u2028dich'), FINAL);
    const { text } = await post('/v1/chat/completions', {
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const head = `"created":${CREATED},"model":"fake","system_fingerprint":"fp_ollama"`;
    const event = (rest: string) =>
      `data: {"id":"ID","object":"chat.completion.chunk",${head},${rest}}\n\n`;
    expect(text.replace(/chatcmpl-\d+/g, 'ID')).toBe(
      event(
        '"choices":[{"index":0,"delta":{"role":"assistant","content":"Grüß\\n\u2028dich"},"finish_reason":null}]',
      ) +
        event('"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]') +
        event('"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}') +
        'data: [DONE]\n\n',
    );
  });

  it('has one time for all', async () => {
    const { deps } = open(delta('Hel'), delta('lo.'), FINAL);
    let second = 5;
    deps.timestamp = () => `2026-01-02T03:04:${String(second++).padStart(2, '0')}.900Z`;
    expect(await chatEvents()).toHaveLength(4);
    second = 5;
    expect(await textEvents()).toHaveLength(4);
    expect(second).toBe(8);
  });

  it('is cut off: length', async () => {
    open(delta('Hel'), LENGTH);
    expect((await chatEvents()).slice(1)).toEqual([ends('length'), '[DONE]']);
  });

  it('without a word still tells the role', async () => {
    open(FINAL);
    expect(await chatEvents({ stream_options: { include_usage: true } })).toEqual([
      says({ role, content: '' }),
      ends('stop'),
      { choices: [], usage },
      '[DONE]',
    ]);
  });

  it('tells calls with their arguments as JSON, and ends for them', async () => {
    open(
      delta('I look.'),
      delta('', { toolCalls: [call('Graz'), call('Linz')] }),
      delta('', { toolCalls: [call('Wien')] }),
      FINAL,
    );
    expect(await chatEvents({ tools: [{ function: { name: 'weather' } }] })).toEqual([
      says({ role, content: 'I look.' }),
      says({ content: '', tool_calls: [written(0, 'Graz'), written(1, 'Linz')] }),
      says({ content: '', tool_calls: [written(2, 'Wien')] }),
      ends('tool_calls'),
      '[DONE]',
    ]);
  });

  it('that is cut off after a call says so', async () => {
    open(delta('', { toolCalls: [call('Graz')] }), LENGTH);
    expect(await chatEvents()).toEqual([
      says({ role, content: '', tool_calls: [written(0, 'Graz')] }),
      ends('length'),
      '[DONE]',
    ]);
  });

  it('tells thoughts apart, before the answer that came with them', async () => {
    open(
      delta('', { thinking: 'Hm' }),
      delta('Hi', { thinking: '.' }),
      delta('', { thinking: '!', toolCalls: [call('Graz')] }),
      FINAL,
    );
    expect(await chatEvents()).toEqual([
      says({ role, content: '', reasoning: 'Hm' }),
      says({ content: '', reasoning: '.' }),
      says({ content: 'Hi' }),
      says({ content: '', reasoning: '!' }),
      says({ content: '', tool_calls: [written(0, 'Graz')] }),
      ends('tool_calls'),
      '[DONE]',
    ]);
  });

  it('that fails ends with the error, and the next one works', async () => {
    openModels('fake');
    const error = { message: 'The engine broke.', type: 'api_error', param: null, code: null };
    const says = (content: string) => chatEvents({ messages: [{ role: 'user', content }] });
    expect((await says('/error The engine broke.')).at(-1)).toEqual({ error });
    expect((await says('/say Good.')).at(-1)).toBe('[DONE]');
  });

  it('whose reader goes frees the model, between two words too', async () => {
    openModels('fake');
    const says = (content: string) => ({ messages: [{ role: 'user', content }] });
    for (const scenario of ['/slow', '/count 0.001 2']) {
      const body = { model: 'fake', stream: true, ...says(scenario) };
      const { body: stream } = await house.call('POST', '/v1/chat/completions', body);
      const reader = stream!.getReader();
      await reader.read();
      const next = reader.read();
      await (await house.call('GET', '/api/tags')).text(); // by now the next word is waited for
      await reader.cancel();
      await next;
      // A model has one reply at a time: this one would wait for minutes.
      expect((await chatEvents(says('/say Free.'))).at(-1)).toBe('[DONE]');
    }
  });
});

const chosen = (token: string, logprob: number): Logprob => ({
  token,
  logprob,
  bytes: [...new TextEncoder().encode(token)],
});
const TOKENS = [
  { ...chosen('Hi', -0.5), top_logprobs: [chosen('Hi', -0.5), chosen('Yo', -1)] },
  { ...chosen('', -0.25), top_logprobs: [] },
];

describe('log-probabilities', () => {
  const content = [
    { ...chosen('Hi', -0.5), top_logprobs: TOKENS[0]!.top_logprobs },
    { token: '', logprob: -0.25, bytes: null, top_logprobs: [] },
  ];

  it('stand beside what they are of', async () => {
    open(delta('Hi', { logprobs: [TOKENS[0]!] }), delta('', { logprobs: [TOKENS[1]!] }), FINAL);
    expect(await chatEvents({ logprobs: true, top_logprobs: 2 })).toEqual([
      says({ role, content: 'Hi' }, { logprobs: { content: content.slice(0, 1) } }),
      says({ content: '' }, { logprobs: { content: content.slice(1) } }),
      ends('stop'),
      '[DONE]',
    ]);
    const { text } = await post('/v1/chat/completions', { messages, logprobs: true });
    expect(JSON.parse(text)).toMatchObject({ choices: [{ logprobs: { content } }] });
  });

  it('are lists in the older shape', async () => {
    open(delta('Hi', { logprobs: TOKENS }), FINAL);
    const { text } = await post('/v1/completions', { prompt: 'Hello', logprobs: 2 });
    expect(JSON.parse(text)).toMatchObject({
      choices: [
        {
          logprobs: {
            tokens: ['Hi', ''],
            token_logprobs: [-0.5, -0.25],
            top_logprobs: [{ Hi: -0.5, Yo: -1 }, {}],
          },
        },
      ],
    });
  });
});

describe('a whole chat', () => {
  const whole = async (body: Json = {}) => {
    const { type, text } = await post('/v1/chat/completions', { messages, ...body });
    expect(type).toBe('application/json');
    return text.replace(/chatcmpl-\d+/, 'ID');
  };
  const answer = (choice: string) =>
    `{"id":"ID","object":"chat.completion","created":${CREATED},"model":"fake",` +
    `"system_fingerprint":"fp_ollama","choices":[{"index":0,${choice}}],` +
    `"usage":${JSON.stringify(usage)}}`;

  it('is what is asked for by default', async () => {
    open(delta('Hel'), delta('lo.'), FINAL);
    const wanted = answer(
      '"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"',
    );
    for (const stream of [undefined, null, false]) expect(await whole({ stream })).toBe(wanted);
  });

  it('has thoughts and calls beside its text', async () => {
    open(delta('I look.', { thinking: 'Hm.' }), delta('', { toolCalls: [call('Graz')] }), FINAL);
    expect(await whole()).toBe(
      answer(
        '"message":{"role":"assistant","content":"I look.","reasoning":"Hm.",' +
          `"tool_calls":${JSON.stringify([written(0, 'Graz')])}},"finish_reason":"tool_calls"`,
      ),
    );
  });

  it('that was cut off says so, whatever it called', async () => {
    open(delta('', { toolCalls: [call('Graz')] }), LENGTH);
    expect(JSON.parse(await whole())).toMatchObject({ choices: [{ finish_reason: 'length' }] });
  });

  it('counts nothing where nothing was counted', async () => {
    open({ ...(FINAL as FinalChunk), promptTokens: 0, evalTokens: 0 });
    expect(JSON.parse(await whole())).toMatchObject({
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    });
  });
});

describe('a completion', () => {
  const piece = (text: string, finish_reason: string | null = null) => ({
    choices: [{ text, index: 0, finish_reason }],
  });

  it('streams its text', async () => {
    open(delta('Hel'), delta('lo.'), LENGTH);
    expect(await textEvents({ stream_options: { include_usage: true } })).toEqual([
      piece('Hel'),
      piece('lo.'),
      piece('', 'length'),
      { choices: [], usage },
      '[DONE]',
    ]);
  });

  it('comes whole by default', async () => {
    open(delta('Hel'), delta('lo.'), FINAL);
    const { type, text } = await post('/v1/completions', { prompt: 'Hello' });
    expect(type).toBe('application/json');
    expect(text.replace(/cmpl-\d+/, 'ID')).toBe(
      `{"id":"ID","object":"text_completion","created":${CREATED},"model":"fake",` +
        '"system_fingerprint":"fp_ollama","choices":[{"text":"Hello.","index":0,"finish_reason":"stop"}],' +
        `"usage":${JSON.stringify(usage)}}`,
    );
  });

  it('of nothing loads the model, streamed too', async () => {
    const { asked } = open(FINAL);
    expect(await textEvents({ prompt: '' })).toEqual([piece('', 'load'), '[DONE]']);
    expect(asked).toEqual([]);
  });
});

describe('models', () => {
  const names = ['Fake', 'hf.co/someone/repo:Q8_0', 'someone/own'];
  const openThree = () => openModels(...names);
  const get = async (path: string) => {
    const response = await house.call('GET', path);
    expect(response.headers.get('content-type')).toBe('application/json');
    return { status: response.status, answer: (await response.json()) as Json };
  };
  /** 2026-01-02, of installed models. */
  const created = 1767312000;

  it('are those of tags, by the same names', async () => {
    openThree();
    const { models } = (await (await house.call('GET', '/api/tags')).json()) as {
      models: { name: string }[];
    };
    expect(models).toHaveLength(3);
    expect(await get('/v1/models')).toEqual({
      status: 200,
      answer: {
        object: 'list',
        data: models.map(({ name }, at) => ({
          ...{ id: name, object: 'model', created },
          owned_by: ['library', 'someone', 'someone'][at],
        })),
      },
    });
  });

  it('are an empty list where there are none', async () => {
    openModels();
    expect(await get('/v1/models')).toEqual({ status: 200, answer: { object: 'list', data: [] } });
  });

  it.each<[path: string, id: string, owner: string]>([
    ['Fake', 'Fake', 'library'],
    ['fake:latest', 'fake:latest', 'library'],
    ['fake%3Alatest', 'fake:latest', 'library'],
    ['hf.co/someone/repo:Q8_0', 'hf.co/someone/repo:Q8_0', 'someone'],
    ['hf.co%2Fsomeone%2Frepo%3AQ8_0', 'hf.co/someone/repo:Q8_0', 'someone'],
    ['someone/own', 'someone/own', 'someone'],
  ])('are found by name: %s', async (path, id, owned_by) => {
    openThree();
    expect(await get(`/v1/models/${path}`)).toEqual({
      status: 200,
      answer: { id, object: 'model', created, owned_by },
    });
  });

  it.each(['none', 'constructor'])('that are not here: %s', async (name) => {
    openThree();
    const message = `model '${name}:latest' not found`;
    const error = { message, type: 'not_found_error', param: null, code: null };
    expect(await get(`/v1/models/${name}`)).toEqual({ status: 404, answer: { error } });
  });

  it.each(['a/b/c/d', '%zz', 'x/'])('are refused by what can be no name: %s', async (name) => {
    openThree();
    const { answer } = await get(`/v1/models/${name}`);
    expect((answer.error as Json).type).toMatch(/^(invalid_request|not_found)_error$/);
  });
});
