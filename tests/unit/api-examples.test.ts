/** The API page's examples: they run as they are shown, against the server itself. */
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { explain } from '#core/sentences';
import { recordedFetch, type Exchange } from '../../src/lib/client/recorded-fetch';
import { failureOf } from '../../src/lib/state/example-run.svelte';
import {
  CLIENTS,
  exampleOf,
  exampleText,
  unwrapped,
  type Client,
  type Task,
} from '../../src/lib/ui/api/example';
import { TASKS } from '../../src/lib/ui/api/tasks';
import { openHouse, SITE } from '../fixtures/house';
import { FINAL, openScripted, type Script } from '../fixtures/scripted-house';

const GIVEN = { base: SITE.replace(/\/$/, ''), model: 'fake', prompt: 'Hello.' };

let house: { close(): void } | undefined;
afterEach(() => house?.close());

/** What an example prints and sends, with a model as `script` has it; without one, with the fake engine. */
async function run(
  client: Client,
  task: Task,
  script?: Script,
  { prompt = '', signal = never } = {},
) {
  house?.close();
  const opened = script ? openScripted(script) : openHouse();
  house = opened;
  const exchanges: Exchange[] = [];
  let printed = '';
  const send: typeof fetch = (input, init) => opened.handle(new Request(input, init));
  const fetch = recordedFetch(send, {
    site: SITE,
    signal,
    changed: (one) => exchanges.includes(one) || exchanges.push(one),
  });
  const example = await exampleOf(client, task);
  let thrown: unknown;
  const given = { ...GIVEN, ...(prompt && { prompt }) };
  await example({ ...given, fetch, print: (text) => (printed += text) }).catch(
    (error: unknown) => (thrown = error),
  );
  return { printed, exchanges, thrown };
}

const never = new AbortController().signal;

describe.each(CLIENTS)('%s', (client) => {
  it.each(Object.keys(TASKS) as Task[])('shows %s as a module that stands alone', (task) => {
    const text = exampleText(client, task, GIVEN);
    expect(text).not.toContain('export');
    expect(text).not.toContain('/**');
    expect(text).toMatch(/^(import .*\n\n)?const base = 'http:\/\/paddock\.test';\n/);
    expect(text.includes("const model = 'fake';\n")).toBe(TASKS[task].needs !== null);
    expect(text.includes("const prompt = 'Hello.';\n")).toBe(TASKS[task].prompt !== null);
    expect(text).toContain('const print = console.log;\n');
    const file = readFileSync(`src/lib/ui/api/examples/${client}/${task}.js`, 'utf8');
    const body = text.slice(text.indexOf('console.log;\n\n') + 'console.log;\n\n'.length);
    expect(body).toMatch(/^\S/);
    expect(file).toContain(body.replace(/^(?=.)/gm, '  '));
  });
});

describe.each(CLIENTS)('%s', (client) => {
  const v1 = client === 'openai';

  it('streams a chat', async () => {
    const said = ['One ', 'two ', 'three.'].map((content) => ({ type: 'delta', content }) as const);
    const { printed, exchanges, thrown } = await run(client, 'chat', { chunks: [...said, FINAL] });
    expect(thrown).toBeUndefined();
    expect(printed).toBe('One two three.');
    expect(exchanges).toHaveLength(1);
    const [one] = exchanges;
    expect(one).toMatchObject({
      method: 'POST',
      url: SITE + (v1 ? 'v1/chat/completions' : 'api/chat'),
      status: 200,
    });
    expect(one?.type).toBe(v1 ? 'text/event-stream' : 'application/x-ndjson');
    expect(JSON.parse(one!.body)).toMatchObject({ messages: [{ content: 'Hello.' }] });
    expect(one?.answer.match(/^.*"(One|two|three\.) ?".*$/gm)).toHaveLength(3); // a line each
    await expect.poll(() => one?.ms).toBeGreaterThan(0); // the package reads no further than the last line
  });

  it('prints what was written by a schema', async () => {
    const content = '{"name":"Ada","age":36}';
    const { printed, exchanges } = await run(client, 'structured', {
      engine: ['format'],
      chunks: [{ type: 'delta', content }, FINAL],
    });
    expect(JSON.parse(printed)).toEqual({ name: 'Ada', age: 36 });
    expect(JSON.parse(exchanges[0]!.body)).toMatchObject(
      v1
        ? { response_format: { json_schema: { schema: { required: ['name', 'age'] } } } }
        : { format: { required: ['name', 'age'] } },
    );
  });

  it('says what is wrong with a reply that is no JSON, and where', async () => {
    const content = '{"name": "Ada Lovelace", "age": 36, "house": }';
    const { thrown, exchanges } = await run(client, 'structured', {
      engine: ['format'],
      chunks: [{ type: 'delta', content }, FINAL],
    });
    const { sentence } = explain(failureOf(thrown, exchanges));
    expect(sentence).toMatch(/^The reply is not valid JSON: Unexpected token '}'.*"house": }/);
  });

  it('calls a tool, and asks again with its answer', async () => {
    const call = { name: 'weather', arguments: { city: 'Oslo' } };
    const { printed, exchanges } = await run(client, 'tools', {
      ...{ engine: ['tools'], model: ['tools'] },
      chunks: [{ type: 'delta', content: 'Rain.', toolCalls: [{ id: 'call_1', ...call }] }, FINAL],
    });
    expect(printed).toBe('weather({"city":"Oslo"})\nRain.');
    expect(exchanges).toHaveLength(2);
    expect(JSON.parse(exchanges[1]!.body)).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant' },
        { role: 'tool', content: '12 °C, light rain' },
      ],
    });
  });

  it('compares texts by their vectors', async () => {
    const { printed } = await run(client, 'embeddings', {
      ...{ engine: ['embedding'], model: ['embedding'] },
      embed: async ({ input }) => ({
        vectors: input.map((_, at) => Float32Array.of(at === 2 ? 0 : 1, at === 2 ? 1 : 0)),
        promptTokens: 3,
      }),
    });
    expect(printed).toBe(
      '1.000  A cat sleeps.\n1.000  A kitten naps.\n0.000  Shares fell again.\n',
    );
  });

  it('lists the models', async () => {
    const { printed } = await run(client, 'models', {});
    expect(printed).toMatch(v1 ? /^fake:latest {2}library\n$/ : /^fake:latest {2}\d+ bytes\n$/);
  });

  it('fails with the code that the API answered, before the first byte and in a stream', async () => {
    const before = await run(client, 'structured', {});
    expect(failureOf(before.thrown, before.exchanges)).toMatchObject({
      code: v1 ? 'bad_request' : 'not_supported', // OpenAI's envelope has a type alone
      message: '"fake" does not support format',
    });
    const within = await run(client, 'chat', undefined, { prompt: '/error It broke.' });
    expect(within.printed).toBe('This breaks here: ');
    expect(failureOf(within.thrown, within.exchanges)).toEqual({
      code: v1 ? 'internal' : 'engine_failed',
      message: 'It broke.',
    });
  });
});

it('ends every request when it is stopped, as their sender would', async () => {
  const stopping = new AbortController();
  stopping.abort(new DOMException('Stopped.', 'AbortError'));
  const { thrown, exchanges } = await run('fetch', 'chat', {}, { signal: stopping.signal });
  expect((thrown as Error).name).toMatch('Error');
  expect(exchanges[0]?.status ?? 499).toBe(499);
});

it('asks the site and nobody else, as a package without an address would', async () => {
  const send = vi.fn<typeof fetch>();
  const fetch = recordedFetch(send, { site: SITE, signal: never, changed: () => {} });
  const openai = new OpenAI({ apiKey: 'none', maxRetries: 0, fetch });
  expect(openai.baseURL).toContain('openai.com');
  const failure = await openai.models.list().then(
    () => null,
    ({ cause }: Error) => String(cause),
  );
  expect(failure).toBe('Error: An example asks this site alone, not https://api.openai.com.');
  expect(send).not.toHaveBeenCalled();
});

it('understands OpenAI’s errors, and what no answer told', () => {
  const error = {
    message: 'model "x" not found',
    type: 'not_found_error',
    param: null,
    code: null,
  };
  const exchange = { answer: JSON.stringify({ error }) } as Exchange;
  expect(failureOf(new Error('404'), [exchange])).toMatchObject({
    code: 'model_not_found',
    message: 'model "x" not found',
  });
  const event = { answer: `data: {"choices":[]}\n\ndata: ${exchange.answer}\n\ndata: [DONE]\n\n` };
  expect(failureOf(new Error('404'), [event as Exchange]).code).toBe('model_not_found');
  // Cut off in the middle of its last line.
  const cut = { answer: '{"message":{}}\n{"error":"It br' } as Exchange;
  expect(failureOf(new TypeError('network error'), [cut]).message).toBe('network error');
  expect(failureOf(new TypeError('Failed to fetch'), [])).toEqual({
    code: 'internal',
    message: 'Failed to fetch',
  });
});

it('writes strings as JavaScript has them, whatever is in them', () => {
  const file = `/** @type {x} */\nexport default async ({ prompt, print }) => {\n  print(prompt);\n};\n`;
  const text = (prompt: string) => unwrapped(file, { base: '', model: '', prompt }).split('\n')[0];
  expect(text('plain')).toBe(`const prompt = 'plain';`);
  expect(text(`it's`)).toBe(`const prompt = "it's";`);
  expect(text('a "b" \\ \n')).toBe(`const prompt = "a \\"b\\" \\\\ \\n";`);
  expect(() => unwrapped('something else', GIVEN)).toThrow('another form');
});
