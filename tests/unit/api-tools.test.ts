/** Tools through the server's door: read, refused, answered, and a conversation that goes round. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatParams, EngineChunk, Tool } from '#core/engine';
import { openDiskHouse } from '../fixtures/disk-house';
import { smallGguf } from '../fixtures/disk-gguf';
import { FINAL, openScripted, type Json, type Script } from '../fixtures/scripted-house';
import { digestOf } from '#core/digest';
import { parseMessages } from '../../workers/host/server/messages';

let house = openScripted();
afterEach(() => house.close());

function open(script: Script) {
  house.close();
  house = openScripted(script);
}

const CALLS: Script = { engine: ['tools'], model: ['tools'] };
const parameters = {
  type: 'object',
  required: ['town'],
  properties: { unit: { type: 'string', enum: ['C', 'F'] }, town: { type: 'string' } },
};
const weather = (more: Json = {}) => ({
  type: 'function',
  function: { name: 'weather', description: 'Tells the weather.', parameters, ...more },
});
const user = { role: 'user', content: 'How is Graz?' };
const chat = (more: Json) => ({ messages: [user], stream: false, ...more });

describe('tools', () => {
  it.each<[tool: Json, Tool]>([
    [weather(), { name: 'weather', description: 'Tells the weather.', parameters }],
    [
      { function: { name: 'now' } },
      { name: 'now', parameters: { type: 'object', properties: {} } },
    ],
    [
      weather({ description: '', parameters: { $defs: { a: {} }, properties: null } }),
      { name: 'weather', parameters: { $defs: { a: {} }, properties: null } },
    ],
  ])('reach the engine: %j', async (tool, wanted) => {
    open(CALLS);
    expect((await house.post('/api/chat', chat({ tools: [tool] }))).status).toBe(200);
    const { tools } = house.asked[0] as ChatParams;
    expect(tools).toEqual([wanted]);
    expect(JSON.stringify(tools)).toBe(JSON.stringify([wanted]));
  });

  it.each<[tools: unknown, error: string]>([
    ['x', '"tools" must be an array'],
    [[weather(), 7], 'tool 2: it must be an object'],
    [[{ ...weather(), type: 'retrieval' }], 'tool 1: "type" must be "function"'],
    [[{ type: 'function' }], 'tool 1: "function" must be an object'],
    [[weather({ name: '' })], 'tool 1: "function.name" must be a string'],
    [[weather({ name: 3 })], 'tool 1: "function.name" must be a string'],
    [[weather({ description: 3 })], 'tool 1: "function.description" must be a string'],
    ...['x', [], { type: 'array' }, { properties: [] }, { required: 'a' }, { required: [1] }].map(
      (schema): [unknown, string] => [
        [weather({ parameters: schema })],
        'tool 1: "function.parameters" must be a JSON Schema of an object',
      ],
    ),
  ])('are refused: %j', async (tools, error) => {
    open(CALLS);
    const answer = await house.post('/api/chat', chat({ tools }));
    expect(answer).toEqual({ status: 400, answer: { error, code: 'bad_request' } });
    expect(house.runners).toEqual([]);
  });

  it.each<[who: string, Script]>([
    ['a model that knows none', { engine: ['tools'] }],
    ['a GGUF model that knows none', { format: 'gguf', engine: ['tools'] }],
  ])('are refused for %s, without a load', async (_, script) => {
    open(script);
    for (const tools of [[weather()], [{}]]) {
      expect(await house.post('/api/chat', chat({ tools }))).toMatchObject({
        status: 400,
        answer: {
          error: 'registry.ollama.ai/library/fake:latest does not support tools',
          code: 'not_supported',
        },
      });
    }
    expect(house.runners).toEqual([]);
  });

  it('of a GGUF model that knows them reach the engine', async () => {
    open({ ...CALLS, format: 'gguf' });
    expect((await house.post('/api/chat', chat({ tools: [weather()] }))).status).toBe(200);
    expect((house.asked[0] as ChatParams).tools).toHaveLength(1);
  });

  it('are refused by a loaded engine that has none, before it is asked', async () => {
    open({ model: ['tools'] });
    expect(await house.post('/api/chat', chat({ tools: [weather()] }))).toMatchObject({
      status: 400,
      answer: { error: '"fake" does not support tools', detail: { field: 'tools' } },
    });
    expect(house.asked).toEqual([]);
  });

  it.each([[undefined], [null], [[]]])('%j are none', async (tools) => {
    open({});
    expect((await house.post('/api/chat', chat({ tools }))).status).toBe(200);
    expect(house.asked[0]).not.toHaveProperty('tools');
  });
});

describe('calls in the answer', () => {
  const call = (id: string, args: Json) => ({ id, name: 'weather', arguments: args });
  const chunks: EngineChunk[] = [
    { type: 'delta', content: 'I look. ' },
    {
      type: 'delta',
      content: '',
      toolCalls: [call('call_1', { zone: 'b', a: { y: [1], x: null } }), call('call_2', {})],
    },
    { type: 'delta', content: '', toolCalls: [call('call_3', { town: 'Graz' })] },
    FINAL,
  ];
  const written = [
    {
      id: 'call_1',
      function: { index: 0, name: 'weather', arguments: { zone: 'b', a: { y: [1], x: null } } },
    },
    { id: 'call_2', function: { index: 1, name: 'weather', arguments: {} } },
    { id: 'call_3', function: { index: 2, name: 'weather', arguments: { town: 'Graz' } } },
  ];
  const message = (content: string, calls: Json[] = []) => ({
    ...{ role: 'assistant', content },
    ...(calls.length > 0 && { tool_calls: calls }),
  });

  it('stream with the piece that they came in, counted through, keys in their order', async () => {
    open({ ...CALLS, chunks });
    const { answer } = await house.post('/api/chat', chat({ tools: [weather()], stream: true }));
    const wanted = [
      message('I look. '),
      message('', written.slice(0, 2)),
      message('', written.slice(2)),
      message(''),
    ];
    const said = (answer as Json[]).map((line) => line.message);
    expect(JSON.stringify(said)).toBe(JSON.stringify(wanted));
    expect((answer as Json[]).at(-1)).toMatchObject({ done: true, done_reason: 'stop' });
  });

  it('come together in one answer', async () => {
    open({ ...CALLS, chunks });
    const { answer } = await house.post('/api/chat', chat({ tools: [weather()] }));
    expect(JSON.stringify((answer as Json).message)).toBe(
      JSON.stringify(message('I look. ', written)),
    );
    expect(answer).toMatchObject({ done: true, done_reason: 'stop', eval_count: 2 });
  });

  it('go back with the results, and the engine knows whose each is', async () => {
    open({ ...CALLS, chunks });
    const { answer } = await house.post('/api/chat', chat({ tools: [weather()] }));
    const messages = [
      user,
      (answer as Json).message as Json,
      { role: 'tool', content: 'Sunny.', tool_call_id: 'call_1' },
      { role: 'tool', content: 'Rain.', tool_name: 'weather' },
      { role: 'Tool', content: 'Fog.', tool_call_id: 'call_9' },
      { role: 'tool', content: 'Snow.' },
    ];
    expect((await house.post('/api/chat', chat({ messages }))).status).toBe(200);
    const toolCalls = [
      call('call_1', { zone: 'b', a: { y: [1], x: null } }),
      call('call_2', {}),
      call('call_3', { town: 'Graz' }),
    ];
    expect((house.asked[1] as ChatParams).messages).toEqual([
      user,
      { role: 'assistant', content: 'I look. ', toolCalls },
      { role: 'tool', content: 'Sunny.', toolName: 'weather' },
      { role: 'tool', content: 'Rain.', toolName: 'weather' },
      { role: 'tool', content: 'Fog.' },
      { role: 'tool', content: 'Snow.' },
    ]);
  });
});

describe('calls of an earlier message', () => {
  const said = (tool_calls: unknown, role = 'assistant') => ({
    stream: false,
    messages: [{ role, content: null, tool_calls }, user],
  });
  const called = (args?: unknown, more: Json = {}) => [
    { ...more, function: { name: 'weather', ...(args !== undefined && { arguments: args }) } },
  ];

  it('get an id each where the client sends none, as Ollama makes them', async () => {
    open({});
    await house.post('/api/chat', said([...called({ b: 1, a: 2 }), ...called()]));
    const { toolCalls } = (house.asked[0] as ChatParams).messages[0]!;
    const ids = toolCalls!.map(({ id }) => id);
    expect(ids.every((id) => /^call_[a-z0-9]{8}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2);
    expect(JSON.stringify(toolCalls!.map((call) => call.arguments))).toBe('[{"b":1,"a":2},{}]');
  });

  it('are an assistant’s alone', async () => {
    open({});
    await house.post('/api/chat', said(called({}), 'user'));
    expect((house.asked[0] as ChatParams).messages[0]).toEqual({ role: 'user', content: '' });
  });

  it.each<[calls: unknown, error: string]>([
    ['x', '"tool_calls" must be an array'],
    [[3], 'a tool call must have a "function" object'],
    [[{ function: 'weather' }], 'a tool call must have a "function" object'],
    [[{ function: { name: '' } }], '"function.name" of a tool call must be a string'],
    [called('{"a":1}'), 'the arguments of "weather" must be an object'],
    [called([1]), 'the arguments of "weather" must be an object'],
  ])('are refused: %j', async (calls, error) => {
    open({});
    expect(await house.post('/api/chat', said(calls))).toMatchObject({
      status: 400,
      answer: { error },
    });
  });

  it.each(['tool_name', 'tool_call_id', 'content'])('%s has to be text', async (key) => {
    open({});
    const messages = [{ role: 'tool', content: 'x', [key]: 5 }];
    expect(await house.post('/api/chat', { messages })).toMatchObject({
      status: 400,
      answer: { error: `message ${key} must be a string` },
    });
  });

  it('are kept and shown with the messages of a model, which have no images', async () => {
    const disk = await openDiskHouse();
    const bytes = smallGguf();
    const digest = await digestOf(bytes);
    await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
    const files = { 'a.gguf': digest };
    const messages = [
      user,
      { role: 'assistant', content: '', tool_calls: called({ town: 'Graz' }, { id: 'call_1' }) },
      { role: 'tool', content: 'Sunny.', tool_call_id: 'call_1' },
    ];
    expect(
      (await disk.post('api/create', { model: 'm', files, messages, stream: false })).status,
    ).toBe(200);
    const shown = (await (await disk.post('api/show', { model: 'm' })).json()) as Json;
    expect(shown.messages).toEqual([
      user,
      {
        ...{ role: 'assistant', content: '' },
        tool_calls: [
          { id: 'call_1', function: { index: 0, name: 'weather', arguments: { town: 'Graz' } } },
        ],
      },
      { role: 'tool', content: 'Sunny.', tool_name: 'weather' },
    ]);
    const seen = [{ ...user, images: ['eA=='] }];
    const refused = await disk.post('api/create', { model: 'n', files, messages: seen });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: 'a model’s own messages are text' });
  });
});

it('finds the tools of 150,000 answers among as many calls', () => {
  const places = Array.from({ length: 150_000 }, (_, at) => at);
  const call = (at: number) => ({ id: `call_${at}`, function: { name: `tool${at}` } });
  const calls = { role: 'assistant', tool_calls: places.map(call) };
  const answers = places.map((at) => ({ role: 'tool', tool_call_id: `call_${at}` }));
  expect(parseMessages([calls, ...answers]).at(-1)!.toolName).toBe('tool149999');
});
