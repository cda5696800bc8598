import { afterEach, expect, it } from 'vitest';
import type { LoggedRequest, RequestLog } from '#core/paddock-api';
import { MAX_REQUESTS } from '../../workers/host/server/request-log';
import { openHouse } from '../fixtures/house';
import { openScripted } from '../fixtures/scripted-house';

const LOG = '/api/paddock/requests';

let house = openHouse();
afterEach(() => {
  house.close();
  house = openHouse();
});

async function read(method = 'GET', body?: object): Promise<RequestLog> {
  return (await (await house.call(method, LOG, body)).json()) as RequestLog;
}

const switchOn = () => read('POST', { on: true });

function chat(content: string, more: object = {}, signal?: AbortSignal): Promise<Response> {
  const messages = [{ role: 'user', content }];
  return house.call('POST', '/api/chat', { model: 'fake', messages, ...more }, signal);
}

/** The entry that began last. */
async function newest(): Promise<LoggedRequest | undefined> {
  return (await read()).requests[0];
}

it('is off at first, and keeps nothing then', async () => {
  await (await chat('/say Hello')).text();
  expect(await read()).toEqual({ on: false, requests: [] });
});

it('keeps what a request was and cost, and nothing of what it said', async () => {
  await switchOn();
  await (await chat('/say Secret words')).text();
  await (await chat('/say Secret words', { stream: false })).text();
  const { on, requests } = await read();
  expect(on).toBe(true);
  expect(requests).toEqual(
    [2, 1].map((id) => ({
      id,
      at: '2026-01-02T03:04:05.000Z',
      ...{ method: 'POST', path: '/api/chat', model: 'fake', status: 200, code: null },
      ...{ prompt_tokens: 3, eval_tokens: 1 },
      ms: expect.any(Number) as number,
    })),
  );
  expect(JSON.stringify(requests)).not.toContain('Secret');
});

it('hands every chunk on when it comes, and tells of a request while it is answered', async () => {
  await switchOn();
  const response = await chat('/count 1000 3');
  expect(await newest()).toMatchObject({
    path: '/api/chat',
    model: 'fake',
    status: null,
    ms: null,
  });
  const reader = response.body!.getReader();
  const first = new TextDecoder().decode((await reader.read()).value);
  expect(JSON.parse(first)).toMatchObject({ message: { content: 'w0 ' }, done: false });
  expect(await newest()).toMatchObject({ status: null, eval_tokens: null });
  let last = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    last = new TextDecoder().decode(next.value);
  }
  expect(JSON.parse(last)).toMatchObject({ done: true, eval_count: 3 });
  expect(await newest()).toMatchObject({ status: 200, eval_tokens: 3 });
});

it('names an error by its status, before the first byte and in a stream', async () => {
  await switchOn();
  await (await house.call('POST', '/api/chat', { model: 'none', messages: [] })).text();
  expect(await newest()).toMatchObject({ model: 'none', status: 404, code: 'model_not_found' });
  await (await chat('/error')).text();
  expect(await newest()).toMatchObject({ status: 500, code: 'engine_failed', eval_tokens: null });
  await (await house.call('GET', '/api/nothing')).text();
  expect(await newest()).toMatchObject({ model: null, status: 404, code: 'no_endpoint' });
});

it('follows OpenAI’s API alike: its tokens without asking for them, its errors by their status', async () => {
  const say = (content: string) => {
    const messages = [{ role: 'user', content }];
    return house.call('POST', '/v1/chat/completions', { model: 'fake', messages, stream: true });
  };
  await switchOn();
  await (await say('/say Two words')).text();
  expect(await newest()).toMatchObject({
    ...{ path: '/v1/chat/completions', model: 'fake', status: 200 },
    ...{ prompt_tokens: 3, eval_tokens: 1 },
  });
  await (await say('/error')).text();
  expect(await newest()).toMatchObject({ status: 500, code: null });
  await (await house.call('GET', '/v1/models/nobody')).text();
  expect(await newest()).toMatchObject({ path: '/v1/models/nobody', status: 404 });
  expect((await read()).requests).toHaveLength(3); // what it asks of Ollama's routes is no request
});

it('has 499 for who goes: by an abort, before and in the answer, and by a reader that cancels', async () => {
  await switchOn();
  const before = new AbortController();
  const hanging = chat('/hang', { stream: false }, before.signal);
  await expect.poll(async () => (await newest())?.model).toBe('fake');
  before.abort();
  await hanging;
  expect(await newest()).toMatchObject({ id: 1, status: 499 });

  const within = new AbortController();
  const streaming = await chat('/slow', {}, within.signal);
  within.abort();
  await streaming.text();
  expect(await newest()).toMatchObject({ id: 2, status: 499 });

  const cancelled = await chat('/slow');
  await cancelled.body!.cancel();
  expect(await newest()).toMatchObject({ id: 3, status: 499, ms: expect.any(Number) as number });
});

it('holds the last 200, newest first', async () => {
  await switchOn();
  for (let n = 0; n < MAX_REQUESTS + 3; n++) await house.call('HEAD', '/api/version');
  const { requests } = await read();
  expect(requests).toHaveLength(MAX_REQUESTS);
  expect([requests[0]?.id, requests.at(-1)?.id]).toEqual([MAX_REQUESTS + 3, 4]);
});

it('is forgotten by DELETE, and when it is switched off', async () => {
  await switchOn();
  await house.call('HEAD', '/api/version');
  expect(await read('DELETE')).toEqual({ on: true, requests: [] });
  await house.call('HEAD', '/api/version');
  expect((await read()).requests).toHaveLength(1);
  expect(await read('POST', { on: false })).toEqual({ on: false, requests: [] });
  expect(await switchOn()).toEqual({ on: true, requests: [] });
});

it('leaves out itself and what pages look at all the time, and no other request', async () => {
  await switchOn();
  await read();
  await house.call('GET', '/api/paddock/runners');
  await house.call('GET', '/api/tags');
  await house.call('POST', '/api/paddock/network', { off: false });
  const paths = (await read()).requests.map(({ path }) => path);
  expect(paths).toEqual(['/api/paddock/network', '/api/tags']);
});

it('takes no query, and as much of a stranger’s path and model as a line can hold', async () => {
  await switchOn();
  await house.call('GET', '/api/tags?secret=1');
  expect(await newest()).toMatchObject({ path: '/api/tags' });
  await house.call('POST', `/api/${'x'.repeat(900)}`, {});
  expect((await newest())?.path).toHaveLength(201);
  await house.call('POST', '/api/show', { model: 'm'.repeat(900) });
  expect((await newest())?.model).toHaveLength(201);
});

it('tells the tokens of texts that became vectors, and 501 where none do', async () => {
  const embed = () => house.call('POST', '/api/embed', { model: 'fake', input: ['a', 'b'] });
  await switchOn();
  await (await embed()).text();
  expect(await newest()).toMatchObject({ path: '/api/embed', status: 501, code: 'not_supported' });
  house.close();
  house = openScripted({
    ...{ engine: ['embedding'], model: ['embedding'] },
    embed: async ({ input }) => ({
      vectors: input.map(() => Float32Array.of(1)),
      promptTokens: input.length * 4,
    }),
  });
  await switchOn();
  await (await embed()).text();
  expect(await newest()).toMatchObject({ status: 200, prompt_tokens: 8, eval_tokens: null });
});
