/** Several models at once: who is loaded beside whom, who goes, and who waits for whom. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOver, request, severalHouse, withContext } from '../fixtures/several-house';

let house: ReturnType<typeof severalHouse>;
beforeEach(() => void (house = severalHouse()));
afterEach(() => {
  house.close();
  vi.restoreAllMocks();
});

/** Loads a, b and c, which is as many as there may be; their sessions in seconds. */
async function fill(...sessions: number[]) {
  for (const [at, seconds] of [...sessions.entries()].reverse()) {
    await house.load(request('abc'[at]!, { keepAliveMs: seconds * 1000 }));
  }
}

describe('models beside each other', () => {
  it('are used in turn without another load', async () => {
    const loads: boolean[] = [];
    for (const seed of ['a', 'b', 'a', 'b']) {
      const lease = await house.lease(request(seed));
      loads.push(lease.loadMs > 0);
      lease.release();
    }
    expect(loads).toEqual([true, true, false, false]);
    expect(house.loaded.map(([seed]) => seed)).toEqual(['a', 'b']);
  });

  it('are used at once, each by one request', async () => {
    const [a, b] = await Promise.all([house.lease(request('a')), house.lease(request('b'))]);
    const second = house.lease(request('a'));
    expect(await isOver(second)).toBe(false);
    b.release();
    expect(await isOver(second)).toBe(false);
    a.release();
    (await second).release();
  });

  it('answer while another loads, and one loads at a time', async () => {
    await house.load(request('a'));
    const go = house.hold('b');
    const b = house.lease(request('b'));
    const c = house.lease(request('c'));
    await house.load(request('a'));
    await vi.waitFor(() => expect(house.loaded.map(([seed]) => seed)).toEqual(['a', 'b']));
    expect(house.scheduler.activities.map(({ model }) => model)).toEqual(['b:latest']);
    expect(await isOver(c)).toBe(false);
    go();
    (await b).release();
    (await c).release();
    expect(house.names()).toHaveLength(3);
  });

  it('are listed by what is left of their time, one in use with all of it', async () => {
    await fill(60, 30, 90);
    expect(house.names()).toEqual(['c:latest', 'a:latest', 'b:latest']);
    const b = await house.lease(request('b', { keepAliveMs: Infinity }));
    expect(house.names()).toEqual(['b:latest', 'c:latest', 'a:latest']);
    b.release();
  });

  it('say each how far its prompt is, and of which a reply is written or waited for', async () => {
    const [a, b] = await Promise.all([house.lease(request('a')), house.lease(request('b'))]);
    a.reading({ done: 1, total: 2 });
    b.reading(null);
    const waiting = house.lease(request('b', { name: 'copy:latest' }));
    const other = house.lease(request('a', { name: 'not' }));
    expect(house.scheduler.activities).toEqual([
      { model: 'a:latest', phase: 'prompt', done: 1, total: 2 },
    ]);
    expect(house.scheduler.writing).toEqual(['b:latest', 'copy:latest']);
    b.release();
    a.release();
    for (const lease of await Promise.all([waiting, other])) lease.release();
    expect(house.scheduler.writing).toEqual([]);
  });
});

describe('a fourth model takes the place of', () => {
  it.each([
    ['the idle one with the shortest session', [60, 30, 90], 'b:latest'],
    ['the first by name where sessions are the same', [90, 30, 30], 'b:latest'],
    ['one whatever its session is', [Infinity, Infinity, Infinity], 'a:latest'],
  ])('%s', async (_, sessions, gone) => {
    await fill(...sessions);
    await house.load(request('d'));
    expect(house.names()).toHaveLength(3);
    expect(house.names()).not.toContain(gone);
  });

  it('an idle one, before one in use with a shorter session', async () => {
    await fill(30, 60, 90);
    const a = await house.lease(request('a', { keepAliveMs: 30_000 }));
    await house.load(request('d'));
    expect(house.names()).not.toContain('b:latest');
    a.release();
    expect(house.names()).toContain('a:latest');
  });

  /** All in use, b with the shortest session, and d waits. */
  async function allInUse() {
    await fill(1, 1, 1);
    const sessions = { a: 60_000, b: 30_000, c: 90_000 };
    const [a, b, c] = await Promise.all(
      Object.entries(sessions).map(([seed, keepAliveMs]) =>
        house.lease(request(seed, { keepAliveMs })),
      ),
    );
    const d = house.lease(request('d'));
    expect(await isOver(d)).toBe(false);
    return { a: a!, b: b!, c: c!, d };
  }

  it('the one with the shortest session, which it waits for where all are in use', async () => {
    const { a, b, c, d } = await allInUse();
    // Who comes later waits behind it for that one, and goes on with the others, for a shorter time too.
    const shorter = { keepAliveMs: 1000 };
    const [again, other] = [house.lease(request('b')), house.lease(request('a', shorter))];
    a.release();
    const used = await other;
    expect(await isOver(d)).toBe(false);
    b.release();
    (await d).release();
    expect(await isOver(again)).toBe(true); // d has gone for it, or a later one
    for (const lease of [used, c, await again]) lease.release();
    expect(house.loaded.map(([seed]) => seed)).toEqual(['c', 'b', 'a', 'd', 'b']);
  });

  it('another that is idle before', async () => {
    const { a, b, c, d } = await allInUse();
    b.reading(null);
    expect(house.scheduler.writing).toEqual(['b:latest', 'd:latest']);
    const go = house.hold('d');
    c.release();
    expect(house.scheduler.writing).toEqual(['b:latest']); // d loads
    go();
    (await d).release();
    expect(house.names()).not.toContain('c:latest');
    a.release();
    b.release();
  });

  it('one that ends by itself while it is waited for', async () => {
    const { a, b, c, d } = await allInUse();
    house.runners[1]!.kill();
    (await d).release();
    for (const lease of [a, b, c]) lease.release();
    expect(house.names()).toHaveLength(3);
  });

  it('none once its request is given up, and others are not held back any more', async () => {
    await fill(30, 60, 90);
    const held = await Promise.all(['a', 'b', 'c'].map((seed) => house.lease(request(seed))));
    const stop = new AbortController();
    const d = house.lease(request('d'), stop.signal);
    const again = house.lease(request('a'));
    const refused = expect(d).rejects.toMatchObject({
      code: 'aborted',
      message: 'request canceled',
    });
    stop.abort();
    await refused;
    for (const lease of held) lease.release();
    (await again).release();
    expect(house.loaded).toHaveLength(3);
  });
});

describe('a load', () => {
  it('is not begun for whoever has given up already', async () => {
    const gone = house.lease(request('a'), AbortSignal.abort());
    await expect(gone).rejects.toMatchObject({ code: 'aborted' });
    expect(house.runners).toEqual([]);
    await house.load(request('a'));
  });

  it('goes on for the others who wait for it, under their name, and ends with the last', async () => {
    const go = house.hold('a');
    const stops = [0, 1, 2].map(() => new AbortController());
    const waiting = stops.map(({ signal }, at) =>
      house.lease(request('a', { name: `${at}` }), signal),
    );
    for (const one of waiting) one.catch(() => {});
    await vi.waitFor(() => expect(house.loaded).toHaveLength(1));
    expect(house.scheduler.activities[0]!.model).toBe('0');
    stops[0]!.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'aborted' });
    expect(house.scheduler.activities[0]!.model).toBe('1');
    expect(house.open()).toBe(1);
    stops[2]!.abort();
    stops[1]!.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'aborted' });
    expect(house.open()).toBe(0);
    go();
    await house.load(request('a'));
    expect(house.loaded).toHaveLength(2);
  });

  it('is one for all who ask for the model, and each hears what it waited', async () => {
    const go = house.hold('a');
    const [first, second] = [house.lease(request('a')), house.lease(request('a'))];
    await vi.waitFor(() => expect(house.loaded).toHaveLength(1));
    go();
    const lease = await first;
    expect(lease.loadMs).toBeGreaterThan(0);
    lease.release();
    (await second).release();
    expect(house.loaded).toHaveLength(1);
  });

  it('with other options waits for the reply under way, and later requests wait behind it', async () => {
    const held = await house.lease(request('a'));
    const [other, later] = [
      house.lease(request('a', withContext(512))),
      house.lease(request('a', withContext(4096))),
    ];
    expect(await isOver(later)).toBe(false);
    held.release();
    const changed = await other;
    expect(changed.runner.info.contextLength).toBe(512);
    changed.release();
    (await later).release();
    expect(house.loaded.map(([, tokens]) => tokens)).toEqual([0, 512, 4096]);
    expect(house.names()).toHaveLength(1);
  });
});

describe('a keep-alive', () => {
  it('of 0 ends nothing that others wait for', async () => {
    const held = await house.lease(request('a', { keepAliveMs: 0 }));
    const next = house.lease(request('a'));
    held.release();
    (await next).release();
    expect(house.loaded).toHaveLength(1);
    expect(house.names()).toEqual(['a:latest']);
  });

  it('is of those who still wait for the load', async () => {
    const go = house.hold('a');
    const stop = new AbortController();
    const gone = house.lease(request('a', { keepAliveMs: 0 }), stop.signal);
    const stays = house.lease(request('a', { keepAliveMs: undefined }));
    await vi.waitFor(() => expect(house.loaded).toHaveLength(1));
    stop.abort();
    await expect(gone).rejects.toMatchObject({ code: 'aborted' });
    go();
    (await stays).release();
    expect(house.names()).toEqual(['a:latest']);
  });

  it('that somebody ends lasts for those who came before, and begins anew with who comes after', async () => {
    for (const comesAfter of [false, true]) {
      const held = await house.lease(request('a'));
      const next = house.lease(request('a'));
      house.scheduler.unload(request('a').model);
      const late = comesAfter ? house.lease(request('a')) : undefined;
      held.release();
      (await next).release();
      (await late)?.release();
      expect(house.names()).toEqual(comesAfter ? ['a:latest'] : []);
    }
  });
});

describe('a model that is lost while another loads', () => {
  it.each([
    ['loads again behind it', [], ['a', 'b', 'a']],
    ['does not where a third waits to', ['c'], ['a', 'b', 'c']],
  ])('%s', async (_, others, loaded) => {
    house = severalHouse('/gpu');
    const a = await house.lease(request('a'));
    const go = house.hold('b');
    const loading = ['b', ...others].map((seed) => house.load(request(seed)));
    const params = { messages: [{ role: 'user' as const, content: '/lose 9' }], options: {} };
    const reply = a.runner.generate('chat', params, new AbortController().signal);
    const read = async () => {
      for await (const chunk of reply) void chunk;
    };
    await expect(read()).rejects.toMatchObject({ code: 'device_lost' });
    a.release();
    go();
    await Promise.all(loading);
    await isOver(new Promise(() => {}));
    expect(house.loaded.map(([seed]) => seed)).toEqual(loaded);
  });
});

describe('clear', () => {
  const { signal } = new AbortController();

  it('waits for all replies, ends all models, and who comes later waits', async () => {
    const [a, b] = await Promise.all([house.lease(request('a')), house.lease(request('b'))]);
    const cleared = house.scheduler.clear(signal);
    const later = house.lease(request('a'));
    a.release();
    expect(await isOver(cleared)).toBe(false);
    b.release();
    await cleared;
    expect(house.runners.slice(0, 2).map(({ closed }) => closed)).toEqual([true, true]);
    (await later).release();
    expect(house.loaded.map(([seed]) => seed)).toEqual(['a', 'b', 'a']);
  });

  it('holds nobody back where there is nothing to end', async () => {
    house.hold('a');
    const stop = new AbortController();
    const given = house.lease(request('a'), stop.signal);
    const refused = expect(given).rejects.toMatchObject({ code: 'aborted' });
    const cleared = house.scheduler.clear(signal);
    const other = house.lease(request('b'));
    stop.abort();
    await Promise.all([refused, cleared]);
    (await other).release();
  });

  it('can be given up, and nobody waits for it any more', async () => {
    const a = await house.lease(request('a'));
    const stop = new AbortController();
    const cleared = house.scheduler.clear(stop.signal);
    const other = house.lease(request('b'));
    const refused = expect(cleared).rejects.toMatchObject({ code: 'aborted' });
    stop.abort();
    await refused;
    (await other).release();
    a.release();
    expect(house.names()).toHaveLength(2);
  });
});

describe('who waits', () => {
  it('is refused from the 513th on, over all models; who can go on is not', async () => {
    house.hold('b');
    const held = await house.lease(request('a'));
    await house.load(request('c'));
    const stop = new AbortController();
    const loading = house.lease(request('b'), stop.signal);
    const waiting = Array.from({ length: 512 }, (_, at) =>
      house.lease(request(at % 2 ? 'a' : 'b'), stop.signal),
    );
    for (const one of [loading, ...waiting]) one.catch(() => {});
    for (const seed of ['a', 'b', 'd']) {
      await expect(house.lease(request(seed))).rejects.toMatchObject({
        code: 'server_busy',
        message: 'server busy, please try again.  maximum pending requests exceeded',
      });
    }
    await house.load(request('c'));
    stop.abort();
    await Promise.allSettled([loading, ...waiting]);
    held.release();
    await house.load(request('a'));
  });
});
