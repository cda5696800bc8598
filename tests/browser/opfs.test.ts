/** What only the store in OPFS can meet; what every store does is in `blob-store.test.ts`. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { blobFileName, digestOf, type Digest } from '#core/digest';
import { OpfsStore } from '#store/opfs';
import { blobFolder, clearDevice, startWorker, type StoreWorker } from './stores';

const bytes = Uint8Array.from({ length: 5000 }, (_, at) => at % 251);
const store = new OpfsStore();
let digest: Digest;
let worker: StoreWorker;

async function names() {
  const found: string[] = [];
  for await (const name of (await blobFolder()).keys()) found.push(name);
  return found.sort();
}

async function write() {
  await worker.call('open', digest).result;
  await worker.call('write', { digest, bytes, offset: 0 }).result;
  await worker.call('flush', digest).result;
}

beforeEach(async () => {
  digest = await digestOf(bytes);
  worker = startWorker('opfs');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await clearDevice();
});

describe('a blob', () => {
  test('is one file, whose name says whether it is finished', async () => {
    await write();
    await worker.call('close', digest).result;
    expect(await names()).toEqual([`tmp-${blobFileName(digest)}`]);
    await worker.call('commit', { key: digest }).result;
    expect(await names()).toEqual([blobFileName(digest)]);
  });

  test('is committed where `move()` is missing', async () => {
    await worker.call('loseMove', null).result;
    await write();
    await worker.call('close', digest).result;
    await worker.call('commit', { key: digest }).result;
    expect(await names()).toEqual([blobFileName(digest)]);
    const blob = await store.open(digest);
    expect(await digestOf(new Uint8Array(await blob.arrayBuffer()))).toBe(digest);
  });

  test('does not count while both its files are there: the copy was cut off', async () => {
    await write();
    await worker.call('close', digest).result;
    await (await blobFolder()).getFileHandle(blobFileName(digest), { create: true });
    expect(await store.has(digest)).toBe(false);
    expect(await store.list()).toEqual([]);
    expect(await store.listUnfinished()).toHaveLength(1);
  });
});

test('a file that is no blob is left alone', async () => {
  await (await blobFolder()).getFileHandle('notes.txt', { create: true });
  expect(await store.list()).toEqual([]);
  expect(await store.listUnfinished()).toEqual([]);
  expect(await names()).toEqual(['notes.txt']);
});

describe('a fault has its code', () => {
  test('a write that is cut short', async () => {
    await worker.call('shorten', null).result;
    await expect(write()).rejects.toMatchObject({
      code: 'storage_full',
      message: expect.stringContaining('of 5000 bytes, 4999') as string,
    });
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
