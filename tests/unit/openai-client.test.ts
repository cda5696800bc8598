/** The `openai` package against our routes: what it sends, and what it makes of the answers. */
import OpenAI, { APIError, BadRequestError, InternalServerError, NotFoundError } from 'openai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChatParams, EngineChunk } from '#core/engine';
import { installed, openHouse, SITE } from '../fixtures/house';
import { FINAL, openScripted, type Script } from '../fixtures/scripted-house';

type House = Pick<ReturnType<typeof openHouse>, 'handle' | 'close'>;

let close = () => {};
afterEach(() => close());

function clientOf(house: House): OpenAI {
  close();
  close = () => house.close();
  return new OpenAI({
    apiKey: 'paddock',
    baseURL: `${SITE}v1`,
    maxRetries: 0,
    fetch: (input, init) => house.handle(new Request(input, init)),
  });
}

let openai: OpenAI;
beforeEach(() => {
  openai = clientOf(openHouse());
});

async function readAll<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const model = 'fake';
const says = (content: string) => [{ role: 'user' as const, content }];

function scripted(script: Script) {
  const house = openScripted(script);
  openai = clientOf(house);
  return house;
}

it('chats, whole and streamed', async () => {
  const whole = await openai.chat.completions.create({
    model,
    messages: says('/say Hello there.'),
  });
  expect(whole.choices[0]).toMatchObject({
    message: { role: 'assistant', content: 'Hello there.' },
    finish_reason: 'stop',
  });
  expect(whole.usage).toEqual({ prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 });

  const stream = await openai.chat.completions.create({
    model,
    messages: says('/bytes Grüß dich.'),
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await readAll(stream);
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  expect(text).toBe('Grüß dich.');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 10 } });
  expect(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size).toBe(1);
});

it('puts a stream together', async () => {
  const runner = openai.chat.completions.stream({ model, messages: says('/bytes Hello.') });
  const deltas: string[] = [];
  runner.on('content', (delta) => deltas.push(delta));
  const { choices } = await runner.finalChatCompletion();
  expect(choices[0]).toMatchObject({
    message: { role: 'assistant', content: 'Hello.' },
    finish_reason: 'stop',
  });
  expect(deltas.join('')).toBe('Hello.');
});

const CALLS: EngineChunk[] = [
  { type: 'delta', content: 'I look.' },
  {
    type: 'delta',
    content: '',
    toolCalls: [
      { id: 'call_1', name: 'weather', arguments: { town: 'Graz' } },
      { id: 'call_2', name: 'weather', arguments: { town: 'Linz' } },
    ],
  },
  FINAL,
];
const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'weather',
      parameters: { type: 'object', properties: { town: { type: 'string' } } },
    },
  },
];

it('calls tools, and tells what they found', async () => {
  const { asked } = scripted({ engine: ['tools'], model: ['tools'], chunks: CALLS });
  const first = says('How is Graz?');
  const whole = await openai.chat.completions.create({ model, messages: first, tools });
  const { message, finish_reason } = whole.choices[0]!;
  expect(finish_reason).toBe('tool_calls');
  expect(message.tool_calls).toMatchObject([
    { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"town":"Graz"}' } },
    { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{"town":"Linz"}' } },
  ]);

  const runner = openai.chat.completions.stream({
    model,
    tools,
    messages: [...first, message, { role: 'tool', tool_call_id: 'call_1', content: '20 °C' }],
  });
  const streamed = (await runner.finalChatCompletion()).choices[0]!;
  expect(streamed.message.tool_calls).toMatchObject(
    message.tool_calls!.map(({ id }) => ({ id, type: 'function' })),
  );
  expect(streamed.finish_reason).toBe('tool_calls');
  expect((asked[1] as ChatParams).messages).toEqual([
    ...first,
    {
      ...{ role: 'assistant', content: 'I look.' },
      toolCalls: [
        { id: 'call_1', name: 'weather', arguments: { town: 'Graz' } },
        { id: 'call_2', name: 'weather', arguments: { town: 'Linz' } },
      ],
    },
    { role: 'tool', content: '20 °C', toolName: 'weather' },
  ]);
});

it('runs tools by itself', async () => {
  let turn = 0;
  scripted({
    ...{ engine: ['tools'], model: ['tools'] },
    get chunks(): EngineChunk[] {
      return turn++ === 0 ? CALLS : [{ type: 'delta', content: 'Sunny.' }, FINAL];
    },
  });
  const towns: string[] = [];
  const look = ({ town }: { town: string }) => {
    towns.push(town);
    return 'sunny';
  };
  const runner = openai.chat.completions.runTools({
    model,
    messages: says('How is Graz?'),
    tools: [
      {
        type: 'function',
        function: {
          ...{ name: 'weather', description: 'Tells the weather.', function: look },
          parse: (text: string) => JSON.parse(text) as { town: string },
          parameters: tools[0]!.function.parameters,
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe('Sunny.');
  expect(towns).toEqual(['Graz', 'Linz']);
});

it('asks for JSON by a schema', async () => {
  const schema = { type: 'object', properties: { town: { type: 'string' } } };
  const { asked } = scripted({
    engine: ['format'],
    chunks: [{ type: 'delta', content: '{"town":"Graz"}' }, FINAL],
  });
  const { choices } = await openai.chat.completions.parse({
    model,
    messages: says('Where?'),
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema } },
  });
  expect(JSON.parse(choices[0]!.message.content!)).toEqual({ town: 'Graz' });
  expect((asked[0] as ChatParams).format).toEqual(schema);
});

it('completes', async () => {
  const whole = await openai.completions.create({ model, prompt: '/say Hello.' });
  expect(whole).toMatchObject({ choices: [{ text: 'Hello.', finish_reason: 'stop' }] });
  const stream = await openai.completions.create({ model, prompt: '/bytes Hello.', stream: true });
  const chunks = await readAll(stream);
  expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe('Hello.');
});

it('makes vectors, which it asks for as bytes by itself', async () => {
  const vectors = [new Float32Array([3, 4]), new Float32Array([0, -2])];
  scripted({
    ...{ engine: ['embedding'], model: ['embedding'] },
    embed: () => Promise.resolve({ vectors, promptTokens: 4 }),
  });
  const input = ['Hello', 'World'];
  const exact = [Array.from(new Float32Array([0.6, 0.8])), [0, -1]];
  const bytes = await openai.embeddings.create({ model, input });
  expect(bytes.data.map(({ embedding }) => embedding)).toEqual(exact);
  const floats = await openai.embeddings.create({ model, input, encoding_format: 'float' });
  expect(floats.data.map(({ embedding }) => embedding.map(Math.fround))).toEqual(exact);
  expect(floats.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
});

it('lists models, and finds one', async () => {
  openai = clientOf(openHouse([installed('fake'), installed('hf.co/a/b:Q8_0', {}, 'b')]));
  const names = (await readAll(openai.models.list())).map(({ id }) => id);
  expect(names).toEqual(['fake:latest', 'hf.co/a/b:Q8_0']);
  for (const id of names) expect(await openai.models.retrieve(id)).toMatchObject({ id });
});

it('makes its own errors of ours', async () => {
  const ask = (more: object) =>
    openai.chat.completions.create({ model, messages: says('/say Hi.'), ...more });
  await expect(ask({ model: 'none' })).rejects.toThrow(
    expect.objectContaining({
      constructor: NotFoundError,
      status: 404,
      type: 'not_found_error',
      message: "404 model 'none' not found",
    }),
  );
  await expect(ask({ messages: [] })).rejects.toBeInstanceOf(BadRequestError);
  await expect(openai.models.retrieve('none')).rejects.toBeInstanceOf(NotFoundError);
  await expect(openai.embeddings.create({ model, input: 'x' })).rejects.toBeInstanceOf(
    InternalServerError,
  );
  await expect(openai.responses.create({ model, input: 'x' })).rejects.toBeInstanceOf(
    NotFoundError,
  );
});

it('throws what ends a stream', async () => {
  const stream = await openai.chat.completions.create({
    model,
    messages: says('/error'),
    stream: true,
  });
  await expect(readAll(stream)).rejects.toThrow(APIError);
});

it('frees the model when a stream is stopped, in each way', async () => {
  const house = openHouse();
  openai = clientOf(house);
  const start = () =>
    openai.chat.completions.create({ model, messages: says('/slow'), stream: true });
  const broken = await start();
  for await (const chunk of broken) if (chunk.choices[0]?.delta.content) break;
  const aborted = await start();
  aborted.controller.abort();
  // A browser's `fetch` would reject; here the answer tells in its own words that it was stopped.
  await expect(readAll(aborted)).rejects.toThrow('The call was cancelled.');
  const reader = (await start()).toReadableStream().getReader();
  await reader.read();
  await reader.cancel();
  const controller = new AbortController();
  const waiting = openai.chat.completions.create(
    { model, messages: says('/read') },
    { signal: controller.signal },
  );
  const stopped = expect(waiting).rejects.toThrow('The call was cancelled.');
  await expect
    .poll(async () => (await house.call('GET', '/api/paddock/runners')).text())
    .toContain('"phase":"prompt"');
  controller.abort();
  await stopped;
  // A model has one reply at a time: this one would wait for minutes.
  const next = await openai.chat.completions.create({ model, messages: says('/say Free.') });
  expect(next.choices[0]?.message.content).toBe('Free.');
});
