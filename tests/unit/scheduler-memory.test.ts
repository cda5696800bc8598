/** Memory for several models: who makes room for whom, and what follows where it was not enough. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunnerProcess } from '../../workers/host/scheduler/runner-process';
import { LIMITS } from '../fixtures/house';
import {
  gate,
  isOver,
  ofSize,
  request,
  severalHouse,
  withContext,
} from '../fixtures/several-house';

const MIB = 1024 * 1024;

let house: ReturnType<typeof severalHouse>;
beforeEach(() => void (house = severalHouse()));
afterEach(() => {
  house.close();
  vi.restoreAllMocks();
});

describe('memory', () => {
  /** Half of it is for models. */
  const give = (bytes: number, more = {}) => {
    house.deps.limits = () => Promise.resolve({ ...LIMITS, device_memory: bytes, ...more });
  };

  it('that has no room for two is the next one’s, when the first is idle', async () => {
    give(200 * MIB);
    const a = await house.lease(request('a', ofSize('a', 80 * MIB)));
    const b = house.lease(request('b', ofSize('b', 40 * MIB)));
    expect(await isOver(b)).toBe(false);
    a.release();
    (await b).release();
    expect(house.names()).toEqual(['b:latest']);
  });

  it('is not taken from a model that the next one fits beside', async () => {
    give(400 * MIB);
    await house.load(request('a', ofSize('a', 80 * MIB)));
    await house.load(request('b', ofSize('b', 80 * MIB)));
    expect(house.names()).toHaveLength(2);
  });

  it('is one model’s own however large it is', async () => {
    give(100 * MIB);
    await house.load(request('a', ofSize('a', 80 * MIB)));
    expect(house.names()).toEqual(['a:latest']);
  });

  it('is counted by what a model took when it was loaded, not by what was expected', async () => {
    give(220 * MIB); // 110 for both, and the fake takes no more than its weights
    const [a, b] = [request('a', ofSize('a', 54 * MIB)), request('b', ofSize('b', 54 * MIB))];
    await house.load(a);
    await house.load(b);
    expect(house.names()).toEqual(['b:latest']); // 54 and an estimate of more than 56
    await house.load(a);
    expect(house.names()).toHaveLength(2);
  });

  it('is counted for no longer context than the model has', async () => {
    give(400 * MIB);
    const b = ofSize('b', 20 * MIB);
    await house.load(request('a', ofSize('a', 20 * MIB)));
    await house.load(request('b', b));
    await house.load(request('b', { ...b, ...withContext(2 ** 30) }));
    expect(house.names()).toHaveLength(2);
  });

  it('that was underestimated is made free by those that are idle', async () => {
    give(220 * MIB);
    const [a, b] = [ofSize('a', 50 * MIB), ofSize('b', 10 * MIB)];
    await house.load(request('a', a));
    const go = house.hold('b');
    house.sizes.set('b', 80 * MIB);
    const loading = house.lease(request('b', b));
    await vi.waitFor(() => expect(house.loaded).toHaveLength(2));
    expect(house.names()).toEqual(['a:latest']);
    go();
    (await loading).release();
    expect(house.names()).toEqual(['b:latest']);
  });

  it('that nobody tells of is one model’s', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    house.deps.limits = () => Promise.reject(new Error('no'));
    await house.load(request('a'));
    await house.load(request('b'));
    expect(house.names()).toEqual(['b:latest']);
    expect(warned).toHaveBeenCalledOnce();
    house.deps.limits = () => Promise.resolve(LIMITS); // it is asked again
    await house.load(request('c'));
    expect(house.names()).toHaveLength(2);
  });

  it('is waited for until the worker that had it is gone', async () => {
    for (const seed of 'abc') await house.load(request(seed));
    const { opened, open } = gate();
    vi.spyOn(RunnerProcess.prototype, 'gone').mockReturnValue(opened);
    const stop = new AbortController();
    const given = house.lease(request('d'), stop.signal);
    expect(await isOver(given)).toBe(false);
    expect(house.runners).toHaveLength(3);
    const refused = expect(given).rejects.toMatchObject({ code: 'aborted' });
    stop.abort(); // which does not wait for it
    await refused;
    const d = house.lease(request('d'));
    expect(await isOver(d)).toBe(false);
    open();
    (await d).release();
  });
});

describe('a load that runs out of memory', () => {
  /** Fails as often as it is said, then loads. */
  function failing(seed: string, ...codes: string[]) {
    const file = request(seed).model.files[0]!.digest;
    const { files } = house.disk;
    Object.defineProperty(files, 'get', {
      value: (id: string) => {
        const code = id === file ? codes.shift() : undefined;
        return code && `/fails ${code}`;
      },
    });
  }

  it.each([
    ['a number that was asked for stays', 8192, 'out_of_memory', [8192, 8192]],
    ['the automatic context is halved', 0, 'out_of_memory', [0, 2048]],
    ['and so for a worker that the browser ended', 8192, 'runner_died', [8192, 8192]],
  ])('unloads what is idle, and is tried once more: %s', async (_, asked, code, contexts) => {
    await house.load(request('a'));
    const b = await house.lease(request('b'));
    failing('c', code);
    await house.load(request('c', withContext(asked)));
    expect(house.loaded.slice(2)).toEqual(contexts.map((tokens) => ['c', tokens]));
    expect(house.names().sort()).toEqual(['b:latest', 'c:latest']);
    b.release();
  });

  it('fails the second time, and others are served', async () => {
    await house.load(request('a'));
    failing('c', 'out_of_memory', 'out_of_memory');
    const refused = house.load(request('c', withContext(8192)));
    const other = house.load(request('d'));
    await expect(refused).rejects.toMatchObject({ code: 'out_of_memory' });
    await other;
    expect(house.loaded.map(([seed]) => seed)).toEqual(['a', 'c', 'c', 'd']);
  });

  it('fails at once where nothing was unloaded for it', async () => {
    failing('c', 'out_of_memory');
    const refused = house.load(request('c', withContext(8192)));
    await expect(refused).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(house.loaded).toHaveLength(1);
  });

  it('is told to its first waiter, and the next one tries', async () => {
    failing('c', 'engine_failed');
    const asked = [1, 2].map(() => house.load(request('c')));
    await expect(asked[0]).rejects.toMatchObject({ code: 'engine_failed' });
    await asked[1];
  });
});
