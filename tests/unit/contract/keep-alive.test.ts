/** Trap f of the contract, test 36 of the best forty: every spelling of `keep_alive`, by what `ps` says of it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';

const NOW = Date.UTC(2026, 5, 1, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
  // A clock that stands: what is left is exact.
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterAll(() => void vi.useRealTimers());

const generate = (more: Json) => house.ask('POST', '/api/generate', { model: 'plain', ...more });

/** Milliseconds that are left of the model; null: it is not loaded. */
async function left(): Promise<number | null> {
  const [model] = (await house.ask('GET', '/api/ps')).body.models as Json[];
  return model ? Date.parse(model.expires_at as string) - NOW : null;
}

describe.each([
  ['a load', {}],
  ['a reply', { prompt: 'hi', stream: false }],
])('%s', (_what, body) => {
  it.each<[keepAlive: unknown, ms: number]>([
    [undefined, 5 * MINUTE],
    [null, 5 * MINUTE],
    [42, 42 * SECOND],
    [42.5, 42.5 * SECOND],
    [0.5, 0.5 * SECOND],
    ['42m', 42 * MINUTE],
    ['42', NaN],
    ['1h30m', 90 * MINUTE],
    ['1.5h', 90 * MINUTE],
    ['100ms', 100],
    ['+2s', 2 * SECOND],
  ])('keep_alive %j leaves %d ms', async (keep_alive, ms) => {
    await generate({ keep_alive: 0 });
    const { status } = await generate({ ...body, keep_alive });
    expect(status).toBe(Number.isNaN(ms) ? 400 : 200);
    if (status === 200) expect(await left()).toBe(ms);
  });

  it.each([-1, -3.14, '-1m', '-1s', '-0.5h'])('keep_alive %j is for ever', async (keep_alive) => {
    expect((await generate({ ...body, keep_alive })).status).toBe(200);
    expect(await left()).toBeGreaterThan(100 * 365 * 24 * 60 * MINUTE);
  });

  it.each([true, false, {}, { d: 5 }, [5], '', 'soon', '5 m', '1d', '-', '.', 'm'])(
    'keep_alive %j is refused, and the next request is answered',
    async (keep_alive) => {
      const answer = await generate({ ...body, keep_alive });
      expect(answer.status).toBe(400);
      expect(answer.body.error).toBe('"keep_alive" must be a duration such as "5m" or 300');
      expect((await generate(body)).status).toBe(200);
    },
  );
});

it.each([0, '0', '0s', '0m', '-0'])(
  'keep_alive %j unloads behind the reply',
  async (keep_alive) => {
    const answer = await generate({ prompt: 'hi', stream: false, keep_alive });
    expect(answer.body).toMatchObject({ done_reason: 'stop', response: 'You said: hi' });
    expect(await left()).toBeNull();
  },
);

it('1.7: the last one counts, a shorter one too; who says none changes nothing', async () => {
  await generate({ keep_alive: '1h' });
  await generate({ prompt: 'hi', stream: false, keep_alive: 30 });
  expect(await left()).toBe(30 * SECOND);
  for (const keep_alive of [undefined, null]) {
    await generate({ prompt: 'hi', stream: false, keep_alive });
    expect(await left()).toBe(30 * SECOND);
  }
  await generate({ prompt: 'hi', stream: false, options: { num_ctx: 512 } }); // another load
  expect(await left()).toBe(5 * MINUTE);
});

it.each([1e13, 1e300, '9999999999999h'])('keep_alive %j is too long for a date', async (long) => {
  expect((await generate({ keep_alive: long })).status).toBe(200);
  expect(await left()).toBeGreaterThan(100 * 365 * 24 * 60 * MINUTE);
});

it.each(['/api/chat', '/api/embed', '/api/embeddings'])(
  '%s reads it the same way',
  async (path) => {
    const model = path === '/api/chat' ? 'plain' : 'vectors';
    await house.ask('POST', '/api/generate', { model: 'plain', keep_alive: 0 });
    expect((await house.ask('POST', path, { model, keep_alive: true })).status).toBe(400);
    expect((await house.ask('POST', path, { model, keep_alive: '2m' })).status).toBe(200);
    expect(await left()).toBe(2 * MINUTE);
    await house.ask('POST', '/api/generate', { model, keep_alive: 0 });
  },
);

it('one that is longer than a timer can be ends when it says, and not before', async () => {
  const DAY = 24 * 60 * MINUTE;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW });
  try {
    for (const [keep_alive, days] of [
      [40 * 86_400, 40],
      ['1800h', 75],
    ] as const) {
      vi.setSystemTime(NOW);
      await generate({ keep_alive: 0 });
      await generate({ keep_alive });
      expect(await left()).toBe(days * DAY);
      vi.advanceTimersByTime(days * DAY - 1);
      expect(await left()).toBe(days * DAY);
      vi.advanceTimersByTime(1);
      expect(await left()).toBeNull();
    }
  } finally {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  }
});

it('for ever is longer than any timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW });
  try {
    await generate({ keep_alive: -1 });
    expect(vi.getTimerCount()).toBe(0);
    expect(await left()).toBeGreaterThan(100 * 365 * 24 * 60 * MINUTE);
  } finally {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  }
});
