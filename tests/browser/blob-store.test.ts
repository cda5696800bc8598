/** What every blob store does, in OPFS and in IndexedDB alike. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digestOf, parseDigest, type Digest } from '#core/digest';
import { SLICE } from '#store/blob-store';
import { clearDevice, setRoom, startWorker, type StoreWorker } from './stores';

/** Two slices and a half. */
const SIZE = 2 * SLICE + SLICE / 2;
const bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at * 7 + (at >> 12)) % 251);
const key = parseDigest(`sha256:${'a'.repeat(64)}`)!;

/**
 * More than a test writes. Chromium's IndexedDB remembers for half a minute what was free, and looks again when more is
 * to be written: with this little it need not be waited for.
 */
const ROOM = 32 * SLICE;

beforeEach(() => setRoom(ROOM));
afterEach(clearDevice);
afterAll(() => setRoom());

describe.each(['opfs', 'indexeddb'] as const)('the store in %s', (kind) => {
  let digest: Digest;
  let store: StoreWorker;

  beforeEach(async () => {
    digest = await digestOf(bytes);
    store = startWorker(kind);
  });

  async function write(worker = store, as = digest) {
    await worker.call('open', as).result;
    for (let offset = 0; offset < SIZE; offset += SLICE) {
      const slice = bytes.slice(offset, offset + SLICE);
      await worker.call('write', { digest: as, bytes: slice, offset }).result;
    }
    await worker.call('flush', as).result;
  }

  async function put(as = digest) {
    await write(store, as);
    await store.call('close', as).result;
    await store.call('commit', { key: as }).result;
  }

  async function content(of = digest) {
    return new Uint8Array(await (await store.call('blob', of).result).arrayBuffer());
  }

  test('has a blob once it is committed, and not before', async () => {
    await write();
    await store.call('close', digest).result;
    expect(await store.call('has', digest).result).toBe(false);
    expect(await store.call('size', digest).result).toBeNull();
    expect(await store.call('unfinishedSize', digest).result).toBe(SIZE);
    expect(await store.call('list', null).result).toEqual([]);
    const [unfinished] = await store.call('listUnfinished', null).result;
    expect(unfinished).toMatchObject({ digest, size: SIZE });
    expect(Math.abs(Date.now() - unfinished!.modifiedAt)).toBeLessThan(60_000);
    await expect(store.call('blob', digest).result).rejects.toMatchObject({
      code: 'model_unreadable',
    });

    await store.call('commit', { key: digest }).result;
    expect(await store.call('has', digest).result).toBe(true);
    expect(await store.call('size', digest).result).toBe(SIZE);
    expect(await store.call('unfinishedSize', digest).result).toBe(0);
    expect(await store.call('listUnfinished', null).result).toEqual([]);
    expect(await store.call('list', null).result).toMatchObject([{ digest, size: SIZE }]);
    expect(await digestOf(await content())).toBe(digest);
  });

  test('gives a blob that is read in slices, across their borders', async () => {
    await put();
    const blob = await store.call('blob', digest).result;
    expect(blob.size).toBe(SIZE);
    const part = blob.slice(SLICE - 10, 2 * SLICE + 10).arrayBuffer();
    const expected = bytes.slice(SLICE - 10, 2 * SLICE + 10);
    expect(
      await same(
        part.then((buffer) => new Uint8Array(buffer)),
        expected,
      ),
    ).toBe(true);
  });

  test('is read in a worker that another worker started', async () => {
    await put();
    const copy = new Uint8Array(await store.call('nested', digest).result);
    expect(await digestOf(copy)).toBe(digest);
  });

  test('takes slices in any order, and a slice again', async () => {
    await store.call('open', digest).result;
    const slice = (at: number) => bytes.slice(at, at + SLICE);
    for (const offset of [2 * SLICE, 0, SLICE]) {
      const wrong = new Uint8Array(slice(offset).length);
      await store.call('write', { digest, bytes: wrong, offset }).result;
      await store.call('write', { digest, bytes: slice(offset), offset }).result;
    }
    await store.call('flush', digest).result;
    await store.call('close', digest).result;
    await store.call('commit', { key: digest }).result;
    expect(await digestOf(await content())).toBe(digest);
  });

  test('takes several slices at once', async () => {
    await store.call('open', digest).result;
    await store.call('write', { digest, bytes, offset: 0 }).result;
    await store.call('close', digest).result;
    await store.call('commit', { key: digest }).result;
    expect(await digestOf(await content())).toBe(digest);
  });

  test('a slice that was begun is written again, longer', async () => {
    await store.call('open', digest).result;
    const begun = bytes.slice(0, SLICE + 1000);
    await store.call('write', { digest, bytes: begun, offset: 0 }).result;
    expect(await store.call('unfinishedSize', digest).result).toBe(begun.length);
    await store.call('write', { digest, bytes: bytes.slice(SLICE), offset: SLICE }).result;
    await store.call('close', digest).result;
    await store.call('commit', { key: digest }).result;
    expect(await digestOf(await content())).toBe(digest);
  });

  test('goes on with what an earlier writer wrote', async () => {
    await store.call('open', digest).result;
    const head = bytes.slice(0, 2 * SLICE);
    await store.call('write', { digest, bytes: head, offset: 0 }).result;
    await store.call('close', digest).result;

    store = startWorker(kind);
    await store.call('open', digest).result;
    const across = { digest, offset: SLICE - 5, length: 10 };
    expect(await store.call('read', across).result).toEqual(bytes.slice(SLICE - 5, SLICE + 5));
    const beyond = { digest, offset: 2 * SLICE - 3, length: 10 };
    expect(await store.call('read', beyond).result).toEqual(bytes.slice(2 * SLICE - 3, 2 * SLICE));
    const rest = { digest, bytes: bytes.slice(2 * SLICE), offset: 2 * SLICE };
    await store.call('write', rest).result;
    await store.call('close', digest).result;
    await store.call('commit', { key: digest }).result;
    expect(await digestOf(await content())).toBe(digest);
  });

  test('outlives the worker that was killed while writing, up to its last flush', async () => {
    await write();
    store.kill();
    store = startWorker(kind);
    await vi.waitFor(() => store.call('open', digest).result, 15_000);
    const range = { digest, offset: SLICE - 10, length: SIZE };
    expect(await same(store.call('read', range).result, bytes.slice(SLICE - 10))).toBe(true);
  });

  test('finishes a blob under the digest that was found', async () => {
    await write(store, key);
    await store.call('close', key).result;
    await store.call('commit', { key, digest }).result;
    expect(await store.call('has', key).result).toBe(false);
    expect(await store.call('listUnfinished', null).result).toEqual([]);
    expect(await store.call('list', null).result).toMatchObject([{ digest, size: SIZE }]);
    expect(await digestOf(await content())).toBe(digest);
  });

  test('a digest that is found takes the place of one that was begun', async () => {
    await store.call('open', digest).result;
    const head = bytes.slice(0, SLICE);
    await store.call('write', { digest, bytes: head, offset: 0 }).result;
    await store.call('close', digest).result;
    await write(store, key);
    await store.call('close', key).result;
    await store.call('commit', { key, digest }).result;
    expect(await store.call('listUnfinished', null).result).toEqual([]);
    expect(await digestOf(await content())).toBe(digest);
  });

  test('a blob that is written anew does not count until it is committed', async () => {
    await put();
    await write();
    expect(await store.call('has', digest).result).toBe(false);
    expect(await store.call('list', null).result).toEqual([]);
    await store.call('close', digest).result;
    await store.call('commit', { key: digest }).result;
    expect(await digestOf(await content())).toBe(digest);
  });

  test('deletes a blob, finished or not, twice, and nothing else', async () => {
    await put();
    await put(key);
    await store.call('delete', digest).result;
    await store.call('delete', digest).result;
    expect(await store.call('has', digest).result).toBe(false);
    expect(await store.call('list', null).result).toMatchObject([{ digest: key }]);
    await write();
    await store.call('close', digest).result;
    await store.call('delete', digest).result;
    expect(await store.call('listUnfinished', null).result).toEqual([]);
    expect(await same(content(key), bytes)).toBe(true);
  });

  test('a blob of no bytes is one', async () => {
    const empty = await digestOf(new Uint8Array());
    await store.call('open', empty).result;
    await store.call('close', empty).result;
    await store.call('commit', { key: empty }).result;
    expect(await store.call('size', empty).result).toBe(0);
    expect(await content(empty)).toHaveLength(0);
  });

  test('has one writer a blob, until that is closed or gone', async () => {
    await write();
    const second = startWorker(kind);
    const busy = { code: 'storage_failed', detail: { busy: true } };
    await expect(second.call('open', digest).result).rejects.toMatchObject(busy);
    await expect(second.call('delete', digest).result).rejects.toMatchObject(busy);
    await second.call('open', key).result;
    await store.call('close', digest).result;
    await second.call('open', digest).result;
    second.kill();
    await vi.waitFor(() => store.call('open', digest).result, 15_000);
  });

  test('nothing to commit is an error', async () => {
    const commit = store.call('commit', { key: digest }).result;
    await expect(commit).rejects.toMatchObject({ code: 'storage_failed' });
  });

  test('a quota that is used up is an error, and what was flushed stays', async () => {
    await store.call('open', digest).result;
    const head = bytes.slice(0, SLICE);
    await store.call('write', { digest, bytes: head, offset: 0 }).result;
    await store.call('flush', digest).result;
    await setRoom(100_000);
    const much = { digest, bytes: new Uint8Array(ROOM + SLICE), offset: SLICE };
    // What it remembers may be from another file's tests.
    const fail = () => expect(store.call('write', much).result).rejects.toThrow();
    await vi.waitFor(fail, { timeout: 60_000, interval: 1000 });
    await expect(store.call('write', much).result).rejects.toMatchObject({ code: 'storage_full' });
    await setRoom(ROOM);
    const range = { digest, offset: 0, length: SLICE };
    expect(await same(store.call('read', range).result, head)).toBe(true);
    await store.call('write', { digest, bytes: bytes.slice(SLICE), offset: SLICE }).result;
    await store.call('flush', digest).result;
    await store.call('close', digest).result;
  }, 90_000);
});

/** As `toEqual`, which takes seconds for megabytes. */
async function same(got: Promise<Uint8Array>, expected: Uint8Array<ArrayBuffer>) {
  return (await digestOf(new Uint8Array(await got))) === (await digestOf(expected));
}
