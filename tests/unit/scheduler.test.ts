import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LeaseRequest } from '../../workers/host/scheduler/lease';
import { digest, openHouse } from '../fixtures/house';

const signal = new AbortController().signal;
const load = { num_ctx: 0, num_gpu: -1, num_thread: 0 };

function modelOf(format: string, seed: string) {
  return { format, files: [{ digest: digest(seed) }], size: 1 };
}

function request(seed = 'a', more: Partial<LeaseRequest> = {}): LeaseRequest {
  const model = modelOf('fake', seed);
  return { name: `${seed}:latest`, model, options: load, keepAliveMs: 300_000, ...more };
}

describe('the scheduler', () => {
  let house: ReturnType<typeof openHouse>;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    house = openHouse();
  });
  afterEach(() => {
    house.close();
    vi.useRealTimers();
  });

  const lease = (asked = request()) => house.scheduler.lease(asked, signal);

  it('unloads an idle model after its keep-alive, counted from the last use', async () => {
    const first = await lease(request('a', { keepAliveMs: 1000 }));
    vi.advanceTimersByTime(5000);
    expect(house.scheduler.list()).toHaveLength(1); // in use: no timer runs
    first.release();
    vi.advanceTimersByTime(999);
    expect(house.scheduler.list()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(house.scheduler.list()).toEqual([]);
    expect(house.runners[0]!.closed).toBe(true);
  });

  it('tells when a model begins to load, is loaded and is unloaded, however that comes', async () => {
    (await lease()).release();
    expect(house.loads.changes).toBe(2);
    (await lease()).release(); // it is there
    expect(house.loads.changes).toBe(2);
    (await lease(request('b', { keepAliveMs: 0 }))).release(); // it comes, and goes
    expect(house.loads.changes).toBe(5);
    house.runners[0]!.kill();
    await vi.waitFor(() => expect(house.loads.changes).toBe(6));
  });

  it('says of which model a reply is being written, from its first word to its end', async () => {
    const first = await lease();
    expect(house.scheduler.writing).toEqual([]);
    first.reading({ done: 1, total: 2 });
    expect(house.scheduler.writing).toEqual([]);
    first.reading(null);
    expect(house.scheduler.writing).toEqual(['a:latest']);
    const second = lease();
    first.release();
    expect(house.scheduler.writing).toEqual([]);
    const turn = await second;
    turn.reading(null);
    first.release(); // again: the turn is another's by now
    expect(house.scheduler.writing).toEqual(['a:latest']);
    turn.release();
    expect(house.scheduler.writing).toEqual([]);
  });

  it('lets each request overwrite the keep-alive, and 0 unload at once', async () => {
    (await lease(request('a', { keepAliveMs: Infinity }))).release();
    vi.advanceTimersByTime(1e9);
    expect(house.scheduler.list()[0]!.expiresAt).toBe(Infinity);
    (await lease(request('a', { keepAliveMs: 0 }))).release();
    expect(house.scheduler.list()).toEqual([]);
  });

  it('keeps the runner for the same blob under another name', async () => {
    (await lease()).release();
    const second = await lease(request('a', { name: 'copy:latest' }));
    expect(second.loadMs).toBe(0);
    second.release();
    expect(house.runners).toHaveLength(1);
    expect(house.scheduler.list()[0]!.name).toBe('copy:latest');
  });

  it('loads again for other load-time options', async () => {
    (await lease()).release();
    (await lease(request('a', { options: { ...load, num_ctx: 512 } }))).release();
    expect(house.runners.map((runner) => runner.closed)).toEqual([true, false]);
    expect(house.scheduler.list()).toHaveLength(1);
  });

  it('does not load again for what the request leaves open or what is there already', async () => {
    (await lease(request('a', { options: { ...load, num_gpu: 0 } }))).release();
    (await lease()).release(); // num_gpu -1 and num_ctx 0: anything fits
    (await lease(request('a', { options: { ...load, num_ctx: 4096 } }))).release();
    expect(house.runners).toHaveLength(1);
  });

  it('does not load again for an adapter that it is on, and does for one that it is not on', async () => {
    const onAny = () => lease(request('a', { options: { ...load, num_gpu: 99 } }));
    (await lease()).release();
    (await onAny()).release();
    expect(house.runners).toHaveLength(2); // the first was on the CPU
    house.close();
    house = openHouse(undefined, '/gpu');
    (await lease()).release();
    (await onAny()).release();
    expect(house.runners).toHaveLength(1);
  });

  it('loads again for another kind of cache, and not where the request leaves it open', async () => {
    const cached = (kv_cache_type: 'f16' | 'q8_0') =>
      lease(request('a', { options: { ...load, kv_cache_type } }));
    (await lease()).release();
    (await cached('f16')).release(); // what an engine takes unasked
    expect(house.runners).toHaveLength(1);
    (await cached('q8_0')).release();
    expect(house.runners).toHaveLength(2);
    (await lease()).release();
    expect(house.runners).toHaveLength(2);
    (await cached('f16')).release();
    expect(house.runners).toHaveLength(3);
  });

  it('tells how far a load is, and forgets it when the load is stopped', async () => {
    house = openHouse(undefined, '/stuck');
    expect(house.scheduler.activities[0]).toBeUndefined();
    const stop = new AbortController();
    const loading = house.scheduler.lease(request(), stop.signal);
    await vi.waitFor(() =>
      expect(house.scheduler.activities[0]).toEqual({
        model: 'a:latest',
        phase: 'load',
        done: 0.45 * '/stuck'.length,
        total: '/stuck'.length,
      }),
    );
    stop.abort();
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
    expect(house.scheduler.activities[0]).toBeUndefined();
  });

  it('tells how far a prompt is until it is read or its request ends', async () => {
    const held = await lease();
    expect(house.scheduler.activities[0]).toBeUndefined();
    held.reading({ done: 1, total: 3 });
    const activity = { model: 'a:latest', phase: 'prompt', done: 1, total: 3 };
    expect(house.scheduler.activities[0]).toEqual(activity);
    held.reading(null);
    expect(house.scheduler.activities[0]).toBeUndefined();
    held.reading({ done: 2, total: 3 });
    held.release();
    expect(house.scheduler.activities[0]).toBeUndefined();
  });

  it('unloads after the request that uses the model, not under it', async () => {
    const held = await lease();
    house.scheduler.unload(modelOf('fake', 'a'));
    expect(house.scheduler.list()).toHaveLength(1);
    held.release();
    expect(house.scheduler.list()).toEqual([]);
  });

  it('unloads a model that was still loading, once its request is done', async () => {
    const loading = lease();
    await Promise.resolve();
    house.scheduler.unload(modelOf('fake', 'a'));
    (await loading).release();
    expect(house.scheduler.list()).toEqual([]);
    expect(house.runners[0]!.closed).toBe(true);
  });

  it('ends the load of a model that is to be deleted, and serves the next request', async () => {
    house = openHouse(undefined, '/stuck');
    const loading = lease();
    const refused = expect(loading).rejects.toMatchObject({
      code: 'model_not_found',
      message: 'The model was deleted while it was loading.',
    });
    const next = lease(request('b', { model: modelOf('none', 'b') }));
    const answered = expect(next).rejects.toMatchObject({ code: 'not_supported' });
    await vi.waitFor(() => expect(house.scheduler.activities[0]).toMatchObject({ total: 6 }));
    await house.scheduler.discard(digest('c'));
    expect(house.runners[0]!.closed).toBe(false); // another model's load goes on
    await house.scheduler.discard(digest('a'));
    expect(house.runners[0]!.closed).toBe(true);
    await refused;
    await answered;
  });

  it('lets a model that is to be deleted end its request', async () => {
    const held = await lease();
    await house.scheduler.discard(digest('a'));
    expect(house.runners[0]!.closed).toBe(false);
    held.release();
    expect(house.runners[0]!.closed).toBe(true);
  });

  it('keeps the number of threads that was asked for, whatever the engine made of it', async () => {
    const threads = (num_thread: number) => request('a', { options: { ...load, num_thread } });
    const first = await lease(threads(64));
    first.runner.info.threads = 16; // the most that an engine takes
    first.release();
    (await lease(threads(64))).release();
    (await lease(threads(16))).release();
    expect(house.runners).toHaveLength(1);
    (await lease(threads(2))).release();
    expect(house.runners).toHaveLength(2);
  });

  it('does not unload a model because an earlier load of it failed', async () => {
    const broken = request('a', { model: modelOf('none', 'a') });
    const failing = lease(broken);
    await Promise.resolve();
    house.scheduler.unload(modelOf('fake', 'a'));
    await expect(failing).rejects.toMatchObject({ code: 'not_supported' });
    (await lease()).release();
    expect(house.scheduler.list()).toHaveLength(1);
  });

  it('counts the end of a model in use from now', async () => {
    const held = await lease(request('a', { keepAliveMs: 1000 }));
    vi.advanceTimersByTime(5000);
    expect(house.scheduler.list()[0]!.expiresAt).toBe(Date.now() + 1000);
    held.release();
  });

  it('starts a new runner after one died', async () => {
    (await lease()).release();
    house.runners[0]!.kill();
    await vi.waitFor(() => expect(house.scheduler.list()).toEqual([]));
    (await lease()).release();
    expect(house.runners).toHaveLength(2);
  });

  it('gives the turn back when a load fails', async () => {
    const broken = request('a', { model: modelOf('none', 'a') });
    await expect(lease(broken)).rejects.toMatchObject({ code: 'not_supported' });
    expect(house.runners[0]!.closed).toBe(true);
    (await lease()).release();
  });

  it('serves in the order of asking, and skips who left', async () => {
    const held = await lease();
    const gone = new AbortController();
    const order: string[] = [];
    const second = house.scheduler.lease(request('a', { name: 'second' }), gone.signal);
    const third = lease(request('a', { name: 'third' })).then((got) => {
      order.push('third');
      got.release();
    });
    gone.abort();
    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    expect(order).toEqual([]);
    held.release();
    await third;
    expect(order).toEqual(['third']);
  });
});
