/** Models that are lost in a reply or at a load: what is said, what is left, and what the next request finds. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorDetail } from '#core/errors';
import { installed, lines, LIMITS } from '../fixtures/house';
import { lastOf, lossHouse, type LossHouse } from '../fixtures/loss-house';

let house: LossHouse;
afterEach(() => {
  house.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const onGpu = (load = '') => void (house = lossHouse(`/gpu ${load}`));
const chat: LossHouse['chat'] = (...asked) => house.chat(...asked);

/** Resolves when the model that was lost is there again. */
async function rebuilt() {
  await vi.waitFor(() => expect(house.scheduler.list()).toHaveLength(1));
}

/** What says the failure, and what is in its detail besides the first time and the second. */
const FAILURES: [string, string, ErrorDetail, ErrorDetail][] = [
  ['device_lost', '/lose 9', {}, {}],
  ['runner_died', '/crash', {}, {}],
  ['out_of_memory', '/memory 0 2', { next_context: 2048 }, { next_context: 1024 }],
];

const DOORS: [string, string, (text: string) => object][] = [
  ['a chat, streamed', 'chat', (content) => ({ messages: [{ role: 'user', content }] })],
  ['a chat', 'chat', (content) => ({ messages: [{ role: 'user', content }], stream: false })],
  ['generate, streamed', 'generate', (prompt) => ({ prompt })],
  ['raw', 'generate', (prompt) => ({ prompt, raw: true, stream: false })],
];

const cases = FAILURES.flatMap(([code, text, first, second]) =>
  DOORS.map(([door, path, body]) => ({ code, door, path, body: body(text), first, second })),
);

describe('in a reply', () => {
  it.each(cases)('$code in $door: once, twice, and after a good one', async (one) => {
    onGpu();
    const ask = () =>
      lastOf(house.call('POST', `/api/${one.path}`, { model: 'fake', ...one.body }));
    const firstTime = await ask();
    expect(firstTime).toMatchObject({ code: one.code });
    expect(firstTime.detail ?? {}).toEqual(one.first);
    expect(house.runners[0]!.closed).toBe(true);
    expect((await ask()).detail).toEqual({ ...one.second, times: 2, offer: 'cpu' });
    expect(house.open()).toEqual([]); // not built again for a third loss
    expect(await house.ps()).toEqual([]);
    expect(await lastOf(chat('/say Well.'))).toMatchObject({ done: true });
    expect((await ask()).detail?.times).toBeUndefined();
  });

  it.each(FAILURES)(
    '%s: the model is in no list when its request hears of it',
    async (code, text) => {
      onGpu();
      const model = installed('fake').model;
      const request = {
        name: 'fake:latest',
        model: { format: 'fake', files: model.manifest.layers, size: 1 },
        options: { num_ctx: 0, num_gpu: -1, num_thread: 0 },
        keepAliveMs: 300_000,
      };
      const { signal } = new AbortController();
      const lease = await house.scheduler.lease(request, signal);
      const params = { messages: [{ role: 'user' as const, content: text }], options: {} };
      let listed: unknown;
      let failure: unknown;
      try {
        for await (const chunk of lease.runner.generate('chat', params, signal)) void chunk;
      } catch (error) {
        listed = house.scheduler.list();
        failure = error;
      }
      expect(failure).toMatchObject({ code });
      expect(listed).toEqual([]);
      expect(house.open()).toEqual([]);
      lease.release();
    },
  );

  it('offers no CPU to a model that is on it, or was asked to be', async () => {
    house = lossHouse('weights');
    await lastOf(chat('/crash'));
    expect((await lastOf(chat('/crash'))).detail).toEqual({ times: 2 });
    onGpu();
    const cpu = { options: { num_gpu: 0 } };
    await lastOf(chat('/crash', cpu));
    expect((await lastOf(chat('/crash', cpu))).detail).toEqual({ times: 2 });
  });

  it('goes on on the CPU with num_gpu 0, and does not load again for it there', async () => {
    onGpu();
    const cpu = { options: { num_gpu: 0 } };
    await lastOf(chat('/lose 9'));
    await lastOf(chat('/lose 9'));
    expect(await lastOf(chat('/lose 9', cpu))).toMatchObject({ done: true });
    expect(await house.ps()).toMatchObject([{ size_vram: 0 }]);
    const started = house.runners.length;
    await lastOf(chat('/say More.'));
    await lastOf(chat('/say More.', cpu));
    expect(house.runners).toHaveLength(started);
    house.close();
    house = lossHouse('weights');
    await lastOf(chat('/say On the CPU anyway.'));
    await lastOf(chat('/say More.', cpu));
    expect(house.runners).toHaveLength(1);
  });

  it('lets the queue go on, which loads for itself', async () => {
    onGpu();
    const asked = ['/lose 9', '/say One.', '/say Two.'].map((text) => lastOf(chat(text)));
    const [lost, one, two] = await Promise.all(asked);
    expect(lost).toMatchObject({ code: 'device_lost' });
    expect(one).toMatchObject({ done: true });
    expect(two).toMatchObject({ done: true });
    expect(house.runners).toHaveLength(2);
  });

  it('is not built again where another model is waited for', async () => {
    onGpu();
    house.deps.limits = () => Promise.resolve({ ...LIMITS, device_memory: 1 }); // it waits for memory
    const asked = [chat('/lose 9'), chat('/say One.', { model: 'other' })].map(lastOf);
    expect(await Promise.all(asked)).toMatchObject([{ code: 'device_lost' }, { done: true }]);
    expect(house.runners).toHaveLength(2);
  });

  it('goes on with what was written', async () => {
    onGpu();
    const words = (await lines(await chat('/lose')))
      .map(({ message }) => (message as { content: string } | undefined)?.content ?? '')
      .join('');
    expect(words).toBe('w0 w1 w2 w3 ');
    const messages = [
      { role: 'user', content: '/lose' },
      { role: 'assistant', content: words },
    ];
    const response = await house.call('POST', '/api/chat', {
      model: 'fake',
      messages,
      stream: false,
    });
    expect(await response.json()).toMatchObject({
      message: { content: 'w4 w5 w6 w7 w8 w9 w10 w11 ' },
    });
    expect(house.runners).toHaveLength(2); // the load had begun
  });
});

describe('at a load', () => {
  it.each([
    // A model that never loaded may have been on its way to the adapter or not.
    { code: 'device_lost', loads: 1, first: {}, second: { times: 2, offer: 'cpu' } },
    { code: 'runner_died', loads: 1, first: {}, second: { times: 2 } },
    { code: 'out_of_memory', loads: 2, first: { next_context: 1024 }, second: { times: 2 } },
    { code: 'engine_failed', loads: 1, first: {}, second: {} },
  ])('$code: once and twice', async ({ code, loads, first, second }) => {
    onGpu(`/fails ${code}`);
    const load = () => lastOf(house.call('POST', '/api/generate', { model: 'fake' }));
    const firstTime = await load();
    expect(firstTime).toMatchObject({ code });
    expect(firstTime.detail ?? {}).toEqual(first);
    expect(house.runners).toHaveLength(loads);
    expect(house.open()).toEqual([]);
    expect((await load()).detail ?? {}).toEqual(second);
    expect(house.open()).toEqual([]);
    expect(await house.ps()).toEqual([]);
    house.disk.weights = '/gpu';
    expect(await load()).toMatchObject({ done: true });
  });

  it('offers the CPU to what was on the adapter when it loaded before', async () => {
    onGpu();
    expect(await lastOf(chat('/say Well.', { keep_alive: 0 }))).toMatchObject({ done: true });
    house.disk.weights = '/gpu /fails runner_died';
    await lastOf(chat('hello'));
    expect((await lastOf(chat('hello'))).detail).toEqual({ times: 2, offer: 'cpu' });
    const cpu = { options: { num_gpu: 0 } };
    expect((await lastOf(chat('hello', cpu))).detail).toEqual({ times: 3 });
  });

  it('takes half the context where memory runs out, within the request', async () => {
    onGpu('/fails out_of_memory 2048');
    expect(await lastOf(chat('hello'))).toMatchObject({ done: true });
    expect(await house.ps()).toMatchObject([{ context_length: 2048 }]);
    expect(house.runners).toHaveLength(2);
  });

  it('does so once the worker that had too much is gone', async () => {
    onGpu('/fails out_of_memory 2048');
    let gone!: () => void;
    house.disk.lingers = new Promise((resolve) => (gone = resolve));
    const answer = chat('hello');
    await vi.waitFor(() => expect(house.runners.map(({ closed }) => closed)).toEqual([true]));
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    expect(house.runners).toHaveLength(1);
    gone();
    expect(await lastOf(answer)).toMatchObject({ done: true });
    expect(house.runners).toHaveLength(2);
  });
});

describe('a context that nobody asked for', () => {
  it('is halved before the first word, within the request, and stays so', async () => {
    onGpu();
    const last = await lastOf(chat('/memory 2048'));
    expect(last).toMatchObject({ done: true });
    expect(await house.ps()).toMatchObject([{ context_length: 2048 }]);
    expect(house.runners.map(({ closed }) => closed)).toEqual([true, false]);
    await lastOf(chat('/say Well.', { keep_alive: 0 }));
    await lastOf(chat('/say Well.'));
    expect(await house.ps()).toMatchObject([{ context_length: 2048 }]);
  });

  it('is halved once a request, down to 512 tokens, and then begun anew', async () => {
    onGpu();
    const next = async () => (await lastOf(chat('/memory 0'))).detail?.next_context;
    expect(await next()).toBe(1024);
    expect(house.runners).toHaveLength(2);
    expect(await next()).toBeUndefined(); // 1024, and 512 at once: it was not the context
    await lastOf(chat('/say Well.'));
    expect(await house.ps()).toMatchObject([{ context_length: 4096 }]);
  });

  it('is loaded within a request that Stop ends at once', async () => {
    onGpu();
    await lastOf(chat('/say Well.'));
    house.disk.weights = '/gpu /stuck';
    const stop = new AbortController();
    const asked = chat('/memory 2048', {}, stop.signal);
    await vi.waitFor(() => expect(house.scheduler.activities[0]).toMatchObject({ total: 11 }));
    stop.abort();
    expect((await asked).status).toBe(499);
    expect(house.open()).toEqual([]);
    expect(await house.ps()).toEqual([]);
  });

  it('leaves alone what was asked for', async () => {
    onGpu();
    const asked = { options: { num_ctx: 4096 } };
    const last = await lastOf(chat('/memory 2048', asked));
    expect(last).toMatchObject({ code: 'out_of_memory' });
    expect(last.detail).toBeUndefined();
    expect(house.runners).toHaveLength(1);
    expect(house.open()).toEqual([]); // and is not loaded by itself: memory is short
    await lastOf(chat('/say Well.', asked));
    expect(await house.ps()).toMatchObject([{ context_length: 4096 }]);
  });
});

describe('a model that is built again', () => {
  it('is there before anybody asks, with the keep-alive that it had', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    onGpu();
    await lastOf(chat('/lose 9', { keep_alive: '1m' }));
    await rebuilt();
    expect(house.runners).toHaveLength(2);
    const left = house.scheduler.list()[0]!.expiresAt - Date.now();
    expect(left).toBeGreaterThan(50_000);
    vi.advanceTimersByTime(left - 1);
    expect(house.scheduler.list()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(house.scheduler.list()).toEqual([]);
    expect(house.open()).toEqual([]);
  });

  it('stays as long as an earlier request wished, for who takes its load over too', async () => {
    onGpu();
    await lastOf(chat('/say Well.', { keep_alive: -1 }));
    expect(await lastOf(chat('/lose 9'))).toMatchObject({ code: 'device_lost' });
    expect(await lastOf(chat('/say Well.'))).toMatchObject({ done: true });
    expect(house.runners).toHaveLength(2);
    expect(house.scheduler.list()[0]!.expiresAt).toBe(Infinity);
  });

  it.each([
    ['it was to be unloaded after the reply', { keep_alive: 0 }],
    ['its memory ran out', { messages: [{ role: 'user', content: '/memory 0 2' }] }],
  ])('is not, where %s', async (_, more) => {
    onGpu();
    await lastOf(chat('/lose 9', more));
    expect(house.runners).toHaveLength(1);
    expect(house.scheduler.activities[0]).toBeUndefined();
  });

  /** A house in which the lost model loads again and does not come to an end. */
  async function stuck() {
    onGpu();
    const reply = await chat('/lose 9');
    house.disk.weights = '/gpu /stuck';
    expect((await lines(reply)).at(-1)).toMatchObject({ code: 'device_lost' });
    await vi.waitFor(() =>
      expect(house.scheduler.activities[0]).toMatchObject({ phase: 'load', done: 4.95, total: 11 }),
    );
    expect(house.runners).toHaveLength(2);
  }

  it('is waited for by the next request, whose Stop ends the load', async () => {
    await stuck();
    const stop = new AbortController();
    const waiting = chat('hello', { model: 'copy' }, stop.signal);
    await vi.waitFor(() => expect(house.scheduler.activities[0]?.model).toBe('copy:latest'));
    expect(house.runners).toHaveLength(2);
    const next = chat('hello');
    house.disk.weights = '/gpu';
    stop.abort();
    expect((await waiting).status).toBe(499);
    expect(await lastOf(next)).toMatchObject({ done: true });
    expect(house.runners.map(({ closed }) => closed)).toEqual([true, true, false]);
  });

  it.each([
    ['a request with other options', { options: { num_gpu: 0 } }, 'fake:latest'],
    ['another model', { model: 'other' }, 'other:latest'],
  ])('makes way for %s', async (_, more, name) => {
    await stuck();
    house.disk.weights = '/gpu';
    expect(await lastOf(chat('hello', more))).toMatchObject({ done: true });
    expect(house.runners.map(({ closed }) => closed)).toEqual([true, true, false]);
    expect(await house.ps()).toMatchObject([{ name }]);
  });

  it('is not wanted any more once somebody unloads it', async () => {
    await stuck();
    await house.call('POST', '/api/generate', { model: 'fake', keep_alive: 0 });
    await vi.waitFor(() => expect(house.scheduler.activities[0]).toBeUndefined());
    expect(house.open()).toEqual([]);
  });

  it('is not held open once it is deleted', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await stuck();
    expect((await house.call('DELETE', '/api/delete', { model: 'other' })).status).toBe(200);
    expect(house.open()).toHaveLength(1);
    await house.call('DELETE', '/api/delete', { model: 'copy' });
    await house.call('DELETE', '/api/delete', { model: 'fake' });
    expect(house.open()).toEqual([]);
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
  });

  it('is tried once: where it fails nobody is told, and the next request loads', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onGpu();
    const reply = await chat('/lose 9');
    house.disk.weights = '/gpu /fails device_lost';
    expect((await lines(reply)).at(-1)).toMatchObject({ code: 'device_lost' });
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
    expect(house.runners).toHaveLength(2);
    house.disk.weights = '/gpu';
    // What nobody saw does not count: this is the second loss.
    expect((await lastOf(chat('/lose 9'))).detail).toEqual({ times: 2, offer: 'cpu' });
  });
});
