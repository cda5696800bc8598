/** What no client should send, and that the next good request is answered as if nothing had been. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';

let house: ContractHouse;
let before: object;
beforeAll(async () => {
  house = await openContract();
});

const chat = (content: unknown, more: Json = {}) => ({
  model: 'plain',
  messages: [{ role: 'user', content }],
  ...more,
});

/** All that a request may leave behind. */
async function state(): Promise<object> {
  const { models } = (await house.ask('GET', '/api/ps')).body;
  return {
    blobs: [...house.disk.store.committed.keys()],
    models,
    waiting: house.scheduler.list().length,
  };
}

async function good(): Promise<void> {
  const { body } = await house.ask('POST', '/api/chat', chat('still there?', { stream: false }));
  expect(body).toMatchObject({
    message: { content: 'You said: still there?' },
    done_reason: 'stop',
  });
}

beforeEach(async () => {
  await good();
  before = await state();
});

describe('/api/chat refuses', () => {
  const deep = (depth: number) => '['.repeat(depth);
  it.each<[what: string, body: Json | string, status: number, error: string | RegExp]>([
    [
      'an unknown role',
      chat('x', { messages: [{ role: 'root', content: 'x' }] }),
      400,
      /^message role must be/,
    ],
    ['no role', chat('x', { messages: [{ content: 'x' }] }), 400, /^message role must be/],
    [
      'a content of parts',
      chat([{ type: 'text', text: 'x' }]),
      400,
      'message content must be a string',
    ],
    [
      'an image that is no base64',
      chat('x', { messages: [{ role: 'user', content: 'x', images: ['%%%'] }] }),
      400,
      'image 1 is not valid base64',
    ],
    [
      'an image that is no text',
      chat('x', { messages: [{ role: 'user', content: 'x', images: [7] }] }),
      400,
      'image 1 must be a base64 string',
    ],
    [
      'options of wrong types',
      chat('x', { options: { num_ctx: {} } }),
      400,
      'option "num_ctx" must be of type integer',
    ],
    [
      'a number too large for an option',
      chat('x', { options: { num_ctx: '1e309' } }),
      400,
      'option "num_ctx" must be of type integer',
    ],
    [
      'options that no number is as large as',
      JSON.stringify(chat('x', { options: { num_ctx: 0 } })).replace('0}}', '1e999}}'),
      400,
      'option "num_ctx" must be of type integer',
    ],
    [
      'and no fraction',
      JSON.stringify(chat('x', { options: { top_p: 0 } })).replace('0}}', '1e999}}'),
      400,
      'option "top_p" must be of type float32',
    ],
    ['a keep_alive of a wrong type', chat('x', { keep_alive: {} }), 400, /^"keep_alive" must be/],
    ['JSON that breaks off', '{"model":"plain","messages":[', 400, /JSON/],
    ['JSON that goes on', '{"model":"plain"} {"model":"plain"}', 400, /JSON/],
    ['JSON without end', deep(100_000), 400, /JSON/],
    ['a text that is no JSON', 'model: plain', 400, /JSON/],
    ['bytes that are no text', '\u0000\u0001', 400, /JSON/],
    ['nothing', '', 400, 'missing request body'],
    ['a name of 100,000 letters', { model: 'x'.repeat(100_000) }, 400, 'invalid model name'],
  ])('%s', async (_what, body, status, error) => {
    const answer = await house.ask('POST', '/api/chat', body);
    expect(answer).toMatchObject({ status, type: 'application/json; charset=utf-8' });
    expect(answer.body.error).toMatch(error);
    expect((answer.body.error as string).length).toBeLessThan(1000);
    expect(await state()).toEqual(before);
    await good();
  });

  it('a body that is larger than the limit', async () => {
    const large = JSON.stringify(chat('x'.repeat(64 * 1024 * 1024)));
    const answer = await house.ask('POST', '/api/chat', large);
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
    await good();
  });
});

it('answers a chat of 10,000 messages with what fits into its context', async () => {
  const messages = Array.from({ length: 10_000 }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: `message ${at}`,
  }));
  messages.push({ role: 'user', content: 'the last' });
  messages.unshift({ role: 'system', content: 'Be brief.' });
  const count = (messages.length - 1) * 2 + 2;
  const body = { model: 'plain', messages, stream: false, options: { num_ctx: 256 } };
  const answer = await house.ask('POST', '/api/chat', body);
  expect(answer).toMatchObject({
    status: 200,
    body: { message: { content: 'You said: the last' } },
  });
  expect(answer.body.prompt_eval_count).toBe(256);
  const refused = await house.ask('POST', '/api/chat', { ...body, truncate: false });
  expect(refused).toMatchObject({
    status: 400,
    body: { code: 'context_exceeded', detail: { promptTokens: count, contextLength: 256 } },
  });
  await good();
});

it.each([
  ['/api/generate', { model: 'plain', prompt: {} }],
  ['/api/generate', { model: 'plain', prompt: 'x', images: 'x' }],
  ['/api/generate', { model: 'plain', prompt: 'x', raw: 'yes' }],
  ['/api/generate', { model: 'plain', prompt: 'x', suffix: 3 }],
  ['/api/generate', { model: 'plain', prompt: 'x', template: 3 }],
  ['/api/generate', { model: 'plain', prompt: 'x', format: 3 }],
  ['/api/generate', { model: 3, prompt: 'x' }],
  ['/api/embed', { model: 'vectors', input: 'x', dimensions: 'x' }],
  ['/api/embed', { model: 'vectors', input: [[1]] }],
  ['/api/embeddings', { model: 'vectors', prompt: 7 }],
  ['/api/show', { model: ['plain'] }],
  ['/api/show', { model: 'plain', verbose: 'yes' }],
  ['/api/pull', { model: 'fake', stream: 'no' }],
  ['/api/pull', { model: 'fake', insecure: 1 }],
  ['/api/push', { model: 7 }],
  ['/api/create', { model: 'x', from: 7 }],
  ['/api/create', { model: 'x', files: ['a'] }],
  ['/api/copy', { source: 1, destination: 'x' }],
])('%s refuses %j with a sentence', async (path, body) => {
  const answer = await house.ask('POST', path, body);
  expect(answer).toMatchObject({ status: 400, type: 'application/json; charset=utf-8' });
  expect(answer.body.error).toMatch(/\w+ \w+/);
  expect(await state()).toEqual(before);
});
