/** Bytes from this device: a file on disk, or the body of a request. */
import { beforeEach, expect, test, vi } from 'vitest';
import { digestOf, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { noise } from '../fixtures/fake-registry';
import { TestHouse } from '../fixtures/test-registry';
import type { Registry } from '../../workers/host/registry/registry';

const bytes = noise(5_000_000, 11);
const digest = await digestOf(bytes);
const blob = new Blob([bytes]);

let house: TestHouse;
beforeEach(() => {
  house = new TestHouse();
});

async function store(registry: Registry, expected: Digest | null, from = blob) {
  const steps = registry.storeBytes(from, expected, new AbortController().signal);
  const seen: number[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { digest: step.value, seen };
    expect(step.value.total).toBe(from.size);
    seen.push(step.value.completed);
  }
}

async function nothingIsLeft() {
  await house.quiet();
  expect(await house.store.listUnfinished()).toEqual([]);
  expect(await house.db.ledgerDigests()).toEqual([]);
}

test.each([
  ['whose digest is told', digest],
  ['whose digest nobody told', null],
])('bytes %s are hashed and stored, with progress', async (_what, expected) => {
  const { digest: found, seen } = await store(await house.open(), expected);
  expect(found).toBe(digest);
  expect(seen.at(-1)).toBe(bytes.length);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(await digestOf(new Uint8Array(await (await house.store.open(digest)).arrayBuffer()))).toBe(
    digest,
  );
  await nothingIsLeft();
  expect(house.host.requests).toEqual([]);
});

test('bytes with another digest than was told are not kept', async () => {
  const expected = await digestOf(noise(10, 1));
  const registry = await house.open();
  await expect(store(registry, expected)).rejects.toMatchObject({
    code: 'digest_mismatch',
    detail: { expected, got: digest },
  });
  expect(await house.store.list()).toEqual([]);
  await nothingIsLeft();
});

test('bytes that are there already are stored once', async () => {
  const registry = await house.open();
  await store(registry, null);
  expect((await store(registry, null)).digest).toBe(digest);
  expect((await store(registry, digest)).digest).toBe(digest);
  expect(await house.store.list()).toHaveLength(1);
  await nothingIsLeft();
});

test('what is there under the digest stays, whatever comes for it', async () => {
  const registry = await house.open();
  await store(registry, digest);
  await store(registry, digest, new Blob(['something else']));
  expect(await house.store.size(digest)).toBe(bytes.length);
});

test('a reader that goes stops it, and leaves nothing', async () => {
  const registry = await house.open();
  const steps = registry.storeBytes(blob, null, new AbortController().signal);
  await steps.next();
  await steps.return(digest);
  await nothingIsLeft();
  expect(await house.store.list()).toEqual([]);
});

test('an abort stops it, and leaves nothing', async () => {
  const stop = new AbortController();
  const steps = (await house.open()).storeBytes(blob, null, stop.signal);
  await steps.next();
  stop.abort();
  await expect(
    (async () => {
      while (!(await steps.next()).done);
    })(),
  ).rejects.toMatchObject({ code: 'aborted' });
  await nothingIsLeft();
});

test('a worker that was ended and still holds the file is waited for', async () => {
  const stop = new AbortController();
  const steps = (await house.open()).storeBytes(blob, null, stop.signal);
  await steps.next();
  const remove = house.store.delete;
  let asked = 0;
  house.store.delete = (key) => {
    if (++asked > 1) return remove(key);
    return Promise.reject(new PaddockError('storage_failed', 'In use.', { busy: true }));
  };
  stop.abort();
  await expect(steps.next()).rejects.toMatchObject({ code: 'aborted' });
  await vi.waitFor(() => expect(asked).toBe(2));
  await nothingIsLeft();
});

test('without enough space it ends before the first byte', async () => {
  house.space = { quota: 1_000_000, usage: 400_000 };
  const registry = await house.open();
  await expect(store(registry, null)).rejects.toMatchObject({
    code: 'storage_full',
    detail: { needed: bytes.length, free: 600_000 },
  });
  expect(house.pullers).toBe(0);
});

test('an empty file is a blob too', async () => {
  const nothing = await digestOf(new Uint8Array());
  expect((await store(await house.open(), null, new Blob([]))).digest).toBe(nothing);
  expect(await house.store.size(nothing)).toBe(0);
});
