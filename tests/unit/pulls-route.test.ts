/** `/api/paddock/pulls` as a client sees it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PullJob, PullQueue } from '#core/paddock-api';
import { createHandle } from '../../workers/host/server/handle';
import { STEP_MS } from '../../workers/host/registry/signals';
import { FakePulls, settled } from '../fixtures/fake-pulls';
import { digest, openHouse, SITE } from '../fixtures/house';

const PATH = '/api/paddock/pulls';
let pulls: FakePulls;
let handle: ReturnType<typeof createHandle>;

beforeEach(() => {
  pulls = new FakePulls();
  handle = createHandle({ ...openHouse().deps, pulls: pulls.queue() }, SITE);
});

afterEach(() => vi.useRealTimers());

function call(method: string, path = PATH, body?: unknown, signal?: AbortSignal) {
  const init = { method, signal, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return handle(new Request(new URL(path, SITE), init));
}

async function post<T = PullQueue>(path: string, body: unknown): Promise<T> {
  const response = await call('POST', path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

function words({ pulls: jobs }: PullQueue): string[] {
  return jobs.map(({ model, state }) => `${model} ${state}`);
}

async function list(): Promise<PullQueue> {
  return (await (await call('GET')).json()) as PullQueue;
}

test('adds, lists, pauses, resumes, cancels, and sets the limit', async () => {
  expect(await list()).toEqual({ pulls: [], parallel: 2 });
  const { pull } = await post<{ pull: PullJob }>(PATH, { model: 'a', insecure: true });
  expect(pull).toMatchObject({ model: 'a:latest', state: 'running', completed: 0, total: 0 });
  expect(pull.added_at).toBe('2026-01-01T00:00:00.000Z');
  await post(PATH, { name: 'b:1' });
  expect(words(await post(`${PATH}/limit`, { parallel: 1 }))).toEqual([
    'a:latest running',
    'b:1 queued',
  ]);
  expect(words(await post(`${PATH}/pause`, { model: 'a' }))).toEqual([
    'a:latest paused',
    'b:1 running',
  ]);
  expect(words(await post(`${PATH}/resume`, { model: 'a' }))).toEqual([
    'a:latest queued',
    'b:1 running',
  ]);
  expect(words(await post(`${PATH}/cancel`, { model: 'b:1' }))).toEqual(['a:latest running']);
  expect(await list()).toMatchObject({ parallel: 1, pulls: [{ model: 'a:latest' }] });
});

test('says what is wrong with a request', async () => {
  const failure = async (path: string, body: unknown) => {
    const response = await call('POST', path, body);
    return [response.status, ((await response.json()) as { code: string }).code];
  };
  expect(await failure(PATH, { model: 'a b' })).toEqual([400, 'invalid_name']);
  expect(await failure(PATH, {})).toEqual([400, 'invalid_name']);
  expect(await failure(PATH, { model: 'a', insecure: 1 })).toEqual([400, 'bad_request']);
  for (const what of ['pause', 'resume', 'cancel']) {
    expect(await failure(`${PATH}/${what}`, { model: 'a' })).toEqual([404, 'model_not_found']);
  }
  for (const parallel of [undefined, '2', 1.5, null]) {
    expect(await failure(`${PATH}/limit`, { parallel })).toEqual([400, 'bad_request']);
  }
  expect((await call('DELETE')).status).toBe(405);
});

function reader(response: Response) {
  const lines = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  return async () => JSON.parse((await lines.read()).value!) as PullQueue;
}

test('a stream begins with what is there and goes on with each change', async () => {
  await post(PATH, { model: 'a:1' });
  const stop = new AbortController();
  const response = await call('GET', `${PATH}?stream=true`, undefined, stop.signal);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const next = reader(response);
  expect(words(await next())).toEqual(['a:1 running']);
  await post(`${PATH}/pause`, { model: 'a:1' });
  expect(words(await next())).toEqual(['a:1 paused']);
  await post(`${PATH}/cancel`, { model: 'a:1' });
  expect(words(await next())).toEqual([]);
  stop.abort();
});

test('a stream has a state every 60 ms at most, the latest, however slow its reader', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await post(PATH, { model: 'a:1' });
  const next = reader(await call('GET', `${PATH}?stream=true`));
  expect((await next()).pulls[0]!.completed).toBe(0);
  await settled();
  let seen: PullQueue | undefined;
  for (const completed of [100, 200, 300]) {
    const status = { status: 'pulling', digest: digest('a'), total: 1000, completed };
    await pulls.say('a:1', status);
  }
  const second = next().then((state) => (seen = state));
  await vi.advanceTimersByTimeAsync(STEP_MS - 1);
  await settled();
  expect(seen).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await second;
  expect(seen!.pulls[0]!.completed).toBe(300);
});

test('a stream whose reader has gone ends', async () => {
  const response = await call('GET', `${PATH}?stream=true`);
  const lines = response.body!.getReader();
  await lines.read();
  await lines.cancel();
  expect((await lines.read()).done).toBe(true);
});
