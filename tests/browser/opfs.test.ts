import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { Caller } from '#core/caller';
import { blobFileName, digestOf, type Digest } from '#core/digest';
import { OpfsStore } from '#store/opfs';
import type { StoreMethods } from './opfs-worker';

const bytes = Uint8Array.from({ length: 5000 }, (_, at) => at % 251);
const store = new OpfsStore();
const workers: Worker[] = [];
let digest: Digest;
let caller: Caller<StoreMethods>;

function startWorker() {
  const worker = new Worker(new URL('./opfs-worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return new Caller<StoreMethods>(worker);
}

async function blobs() {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('blobs', { create: true });
}

async function names() {
  const found: string[] = [];
  for await (const name of (await blobs()).keys()) found.push(name);
  return found.sort();
}

async function write() {
  await caller.call('open', digest).result;
  await caller.call('write', { digest, bytes: bytes.subarray(0, 2000), offset: 0 }).result;
  await caller.call('write', { digest, bytes: bytes.subarray(2000), offset: 2000 }).result;
}

beforeEach(async () => {
  digest = await digestOf(bytes);
  caller = startWorker();
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const worker of workers.splice(0)) worker.terminate();
  const folder = await blobs();
  // A killed worker lets go of its files a little later.
  for (const name of await names()) await vi.waitFor(() => folder.removeEntry(name));
});

describe('a blob', () => {
  test('is unfinished until it is committed', async () => {
    await write();
    await caller.call('close', digest).result;
    expect(await names()).toEqual([`tmp-${blobFileName(digest)}`]);
    expect(await store.has(digest)).toBe(false);
    expect(await store.size(digest)).toBeNull();
    expect(await store.unfinishedSize(digest)).toBe(5000);
    expect(await store.list()).toEqual([]);
    expect(await store.listUnfinished()).toMatchObject([{ digest, size: 5000 }]);
    await expect(store.open(digest)).rejects.toMatchObject({ code: 'model_unreadable' });

    await caller.call('commit', digest).result;
    expect(await names()).toEqual([blobFileName(digest)]);
    expect(await store.unfinishedSize(digest)).toBe(0);
    expect(await store.listUnfinished()).toEqual([]);
    expect(await store.list()).toMatchObject([{ digest, size: 5000 }]);
    const blob = await store.open(digest);
    expect(new Uint8Array(await blob.slice(1990, 2010).arrayBuffer())).toEqual(
      bytes.slice(1990, 2010),
    );
  });

  test('is committed where `move()` is missing', async () => {
    await caller.call('loseMove', null).result;
    await write();
    await caller.call('close', digest).result;
    await caller.call('commit', digest).result;
    expect(await names()).toEqual([blobFileName(digest)]);
    const blob = await store.open(digest);
    expect(await digestOf(new Uint8Array(await blob.arrayBuffer()))).toBe(digest);
  });

  test('does not count while both its files are there: the copy was cut off', async () => {
    await write();
    await caller.call('close', digest).result;
    await (await blobs()).getFileHandle(blobFileName(digest), { create: true });
    expect(await store.has(digest)).toBe(false);
    expect(await store.list()).toEqual([]);
    expect(await store.listUnfinished()).toHaveLength(1);
  });

  test('can be deleted, finished or not, twice', async () => {
    await write();
    await caller.call('close', digest).result;
    await store.delete(digest);
    expect(await names()).toEqual([]);
    await store.delete(digest);
  });

  test('outlives the worker that was killed while writing, up to its last flush', async () => {
    await write();
    workers.pop()!.terminate();
    caller = startWorker();
    await vi.waitFor(() => caller.call('open', digest).result);
    const range = { digest, offset: 1990, length: 9999 };
    expect(await caller.call('read', range).result).toEqual(bytes.slice(1990));
    await caller.call('close', digest).result;
  });
});

test('a file that is no blob is left alone', async () => {
  await (await blobs()).getFileHandle('notes.txt', { create: true });
  expect(await store.list()).toEqual([]);
  expect(await store.listUnfinished()).toEqual([]);
  expect(await names()).toEqual(['notes.txt']);
});

describe('a fault has its code', () => {
  test('a second writer', async () => {
    await write();
    await expect(startWorker().call('open', digest).result).rejects.toMatchObject({
      code: 'storage_failed',
      detail: { busy: true },
    });
  });

  test('a write that is cut short', async () => {
    await caller.call('shorten', null).result;
    await expect(write()).rejects.toMatchObject({
      code: 'storage_full',
      message: expect.stringContaining('of 2000 bytes, 1999') as string,
    });
  });

  test('a quota that is used up', async () => {
    const { usage = 0 } = await navigator.storage.estimate();
    const quota = { origin: location.origin, quotaSize: usage + 100_000 };
    const devtools = cdp() as { send(method: string, params: object): Promise<unknown> };
    await devtools.send('Storage.overrideQuotaForOrigin', quota);
    try {
      await caller.call('open', digest).result;
      const much = { digest, bytes: new Uint8Array(30_000_000), offset: 0 };
      await expect(caller.call('write', much).result).rejects.toMatchObject({
        code: 'storage_full',
      });
    } finally {
      await devtools.send('Storage.overrideQuotaForOrigin', { origin: location.origin });
    }
  });

  test('nothing to commit', async () => {
    const commit = caller.call('commit', digest).result;
    await expect(commit).rejects.toMatchObject({ code: 'storage_failed' });
  });

  test('a writer outside a worker', async () => {
    await expect(store.writer(digest)).rejects.toMatchObject({ code: 'storage_missing' });
  });

  test.each([
    ['SecurityError', 'storage_denied'],
    ['UnknownError', 'storage_denied'],
    ['QuotaExceededError', 'storage_full'],
    ['InvalidStateError', 'storage_failed'],
  ])('%s from the browser', async (name, code) => {
    const refuse = () => Promise.reject(new DOMException('no', name));
    vi.spyOn(navigator.storage, 'getDirectory').mockImplementation(refuse);
    await expect(store.list()).rejects.toMatchObject({ code });
  });

  test('no OPFS', async () => {
    vi.spyOn(navigator, 'storage', 'get').mockReturnValue({} as StorageManager);
    await expect(store.list()).rejects.toMatchObject({
      code: 'storage_missing',
      detail: { lacking: 'OPFS' },
    });
  });
});
