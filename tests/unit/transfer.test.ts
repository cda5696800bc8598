/** Blobs in published parts that are not on the store's grid: one connection, one part after the other. */
import { describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import type { TransferChunk, TransferParams } from '#core/methods';
import { FakeHost, type Fault } from '../fixtures/fake-host';
import { noise } from '../fixtures/fake-registry';
import {
  committed,
  keptOf,
  paramsOf,
  partsDone,
  setupOf,
  type Setup,
} from '../fixtures/transfer-setup';

const PART = 100_000;
const whole = noise(350_000, 3);
const cuts = [0, 1, 2, 3].map((index) => whole.slice(index * PART, (index + 1) * PART));

async function setup(change: Partial<TransferParams> = {}): Promise<Setup> {
  const files = new Map(cuts.map((bytes, index) => [`part-${index}`, bytes]));
  const host = new FakeHost(files);
  const parts = await Promise.all(
    cuts.map(async (bytes, index) => ({
      url: urlOf(index),
      digest: await digestOf(bytes),
      size: bytes.length,
    })),
  );
  const digest = await digestOf(whole);
  const key = change.digest ?? digest;
  const params = paramsOf(digest, whole.length, { kind: 'parts', parts });
  return setupOf(host, { ...params, key, ...change });
}

const urlOf = (index: number) => `https://site.test/part-${index}`;

test('a transfer writes, verifies and commits the blob', async () => {
  const { params, host, store, chunks, run } = await setup();
  await run();
  expect(await committed(store, params.key)).toBe(params.key);
  expect(await store.listUnfinished()).toEqual([]);
  expect(partsDone(chunks)).toEqual([0, 1, 2, 3]);
  expect(chunks.at(-1)).toEqual({ type: 'verifying' });
  expect(host.requests).toHaveLength(4);
});

test('progress grows, and never past the size', async () => {
  const { params, chunks, run } = await setup();
  await run();
  const seen = chunks.filter((chunk) => chunk.type === 'progress').map((chunk) => chunk.completed);
  expect(seen.length).toBeGreaterThan(4);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(Math.max(...seen)).toBeLessThanOrEqual(params.size);
});

test('progress is at most every 60 ms', async () => {
  const { clock, chunks, run } = await setup();
  clock.now = () => 5; // time stands still
  await run();
  expect(chunks.filter((chunk) => chunk.type === 'progress')).toHaveLength(1);
});

test('a part is flushed before it is reported', async () => {
  const { params, store, run } = await setup();
  const sizes: number[] = [];
  await run(undefined, (chunk) => {
    if (chunk.type === 'part') sizes.push(store.unfinished.get(params.key)!.bytes.length);
  });
  expect(sizes).toEqual([100_000, 200_000, 300_000, 350_000]);
});

/** Stops after `done` parts, and returns what the ledger would know. */
async function interrupted(first: Setup, done: number): Promise<TransferParams> {
  const stop = new AbortController();
  const onChunk = (chunk: TransferChunk) => {
    if (chunk.type === 'part' && chunk.index === done - 1) stop.abort();
  };
  await expect(first.run(stop.signal, onChunk)).rejects.toMatchObject({ code: 'aborted' });
  return { ...first.params, kept: keptOf(first.chunks, 4) };
}

describe('a transfer that was stopped', () => {
  test('keeps its parts and goes on with the missing ones only', async () => {
    const first = await setup();
    const params = await interrupted(first, 2);
    expect(await first.store.has(params.key)).toBe(false);
    const second = await setup(params);
    second.store.unfinished.set(params.key, first.store.unfinished.get(params.key)!);
    await second.run();
    expect(second.host.requests).toEqual([2, 3].map(urlOf));
    expect(await committed(second.store, params.key)).toBe(params.key);
  });

  test.each([
    ['that is lost', null],
    ['of another build', new Uint8Array([1, 2, 3])],
  ])('reads its parts back with a hash state %s', async (_what, hashState) => {
    const first = await setup();
    const params = await interrupted(first, 3);
    params.kept!.hashState = hashState;
    const second = await setup(params);
    second.store.unfinished.set(params.key, first.store.unfinished.get(params.key)!);
    await second.run();
    expect(second.host.requests).toEqual([urlOf(3)]);
    expect(await committed(second.store, params.key)).toBe(params.key);
  });

  test('fetches the part that does not read back right', async () => {
    const first = await setup();
    const params = await interrupted(first, 3);
    params.kept!.hashState = null;
    const stored = first.store.unfinished.get(params.key)!;
    stored.bytes[PART + 5]! ^= 1;
    const second = await setup(params);
    second.store.unfinished.set(params.key, stored);
    await second.run();
    expect(second.host.requests).toEqual([1, 3].map(urlOf));
    expect(await committed(second.store, params.key)).toBe(params.key);
  });

  test('starts anew when its file is gone', async () => {
    const params = await interrupted(await setup(), 3);
    const second = await setup(params);
    await second.run();
    expect(second.host.requests).toHaveLength(4);
    expect(await committed(second.store, params.key)).toBe(params.key);
  });
});

describe('a fault that may pass', () => {
  test.each<[string, Fault]>([
    ['no connection', { type: 'offline' }],
    ['status 503', { type: 'status', status: 503 }],
    ['status 429', { type: 'status', status: 429 }],
    ['a connection that breaks', { type: 'cut', after: 40_000 }],
    ['a body that ends early', { type: 'short', length: 40_000 }],
  ])('%s is tried again', async (_what, fault) => {
    const { params, host, store, clock, run } = await setup();
    host.fail('part-1', fault, fault);
    await run();
    expect(clock.delays).toEqual([1000, 2000]);
    expect(await committed(store, params.key)).toBe(params.key);
  });

  test('is given up after six tries, and the parts before it stay', async () => {
    const { params, host, store, clock, chunks, run } = await setup();
    host.fail('part-1', ...Array.from({ length: 9 }, (): Fault => ({ type: 'cut', after: 10 })));
    await expect(run()).rejects.toMatchObject({
      code: 'network',
      detail: { url: urlOf(1) },
    });
    expect(clock.delays).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(partsDone(chunks)).toEqual([0]);
    expect(await store.unfinishedSize(params.key)).toBe(PART);
    await (await store.writer(params.key)).close(); // the file was let go
  });

  test('silence is a fault after 30 s', async () => {
    const { params, host, store, clock, run } = await setup();
    host.fail('part-1', { type: 'silence', after: 40_000 });
    const after = clock.after.bind(clock);
    let stalls = 0;
    // Only the silent try runs into its watch: its last read never ends by itself.
    clock.after = (ms, then) => {
      if (ms < 30_000 || host.requests.length !== 2) return after(ms, then);
      stalls++;
      const timer = setTimeout(then); // later than any read that has bytes
      return () => clearTimeout(timer);
    };
    await run();
    expect(stalls).toBeGreaterThan(0);
    expect(clock.delays).toEqual([1000]);
    expect(await committed(store, params.key)).toBe(params.key);
  });
});

describe('a fault that stays', () => {
  test.each<[string, Fault, object]>([
    ['a missing part', { type: 'status', status: 404 }, { code: 'missing' }],
    ['a page in its place', { type: 'page' }, { code: 'missing' }],
    [
      'a refusal',
      { type: 'status', status: 403 },
      { code: 'unauthorized', detail: { status: 403 } },
    ],
    ['an answer in pieces', { type: 'status', status: 206 }, { code: 'network' }],
    ['a body that is too long', { type: 'long', extra: 1 }, { code: 'network' }],
    ['a flipped bit', { type: 'flip', at: 77 }, { code: 'digest_mismatch' }],
  ])('%s ends it at once; the part does not count', async (_what, fault, error) => {
    const { params, host, store, clock, chunks, run } = await setup();
    host.fail('part-1', fault);
    await expect(run()).rejects.toMatchObject(error);
    expect(clock.delays).toEqual([]);
    expect(partsDone(chunks)).toEqual([0]);
    expect(await store.has(params.key)).toBe(false);
  });

  test('nothing is written beyond the part', async () => {
    const { params, host, store, run } = await setup();
    host.fail('part-3', { type: 'long', extra: 100_000 });
    await expect(run()).rejects.toMatchObject({ code: 'network' });
    expect(await store.unfinishedSize(params.key)).toBeLessThanOrEqual(params.size);
  });

  test('a whole that does not agree is deleted', async () => {
    const { store, run, params } = await setup({ digest: await digestOf(noise(10, 9)) });
    await expect(run()).rejects.toMatchObject({
      code: 'digest_mismatch',
      detail: { expected: params.key, got: await digestOf(whole) },
    });
    expect(await store.list()).toEqual([]);
    expect(await store.listUnfinished()).toEqual([]);
  });

  test('a full disk names what is needed and what is free', async () => {
    const { store, chunks, run } = await setup();
    store.capacity = 150_000;
    await expect(run()).rejects.toMatchObject({
      code: 'storage_full',
      detail: { needed: 250_000, free: 600 },
    });
    expect(partsDone(chunks)).toEqual([0]);
  });
});

test('an unfinished file that another writer still holds is waited for', async () => {
  const { params, store, clock, run } = await setup();
  const other = await store.writer(params.key);
  const after = clock.after.bind(clock);
  clock.after = (ms, then) => {
    if (clock.delays.length === 3) void other.close();
    return after(ms, then);
  };
  await run();
  expect(clock.delays.every((ms) => ms === 100)).toBe(true);
  expect(await committed(store, params.key)).toBe(params.key);
});

test('an abort while it waits between two tries ends it at once', async () => {
  const { host, clock, run } = await setup();
  const stop = new AbortController();
  host.fail('part-0', { type: 'offline' });
  const after = clock.after.bind(clock);
  clock.after = (ms, then) => {
    if (ms === 1000) queueMicrotask(() => stop.abort());
    return ms === 1000 ? () => {} : after(ms, then);
  };
  await expect(run(stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(host.requests).toHaveLength(1);
});

test('a blob in one part, and an empty blob', async () => {
  const one = await digestOf(cuts[0]!);
  const origin = { kind: 'file', url: urlOf(0) } as const;
  const single = await setup({ digest: one, size: PART, origin });
  await single.run();
  expect(await committed(single.store, one)).toBe(one);
  const nothing = await digestOf(new Uint8Array());
  const empty = await setup({ digest: nothing, size: 0, origin: { kind: 'parts', parts: [] } });
  await empty.run();
  expect(await committed(empty.store, nothing)).toBe(nothing);
});
