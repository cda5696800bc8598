/** Which store a browser gets, and that it keeps it. The page has no access handles; each test says what it has. */
import { afterEach, expect, test, vi } from 'vitest';
import { openStore } from '#store/open-store';
import { clearDevice } from './stores';

const prototype = FileSystemFileHandle.prototype as { createSyncAccessHandle?: unknown };

function giveHandles() {
  prototype.createSyncAccessHandle = () => Promise.resolve({ close() {} });
}

function refuse(name: string) {
  const fail = () => Promise.reject(new DOMException('no', name));
  vi.spyOn(navigator.storage, 'getDirectory').mockImplementation(fail);
}

const chosen = async () => {
  const { kind, reason } = await openStore();
  return { kind, reason };
};

afterEach(async () => {
  vi.restoreAllMocks();
  delete prototype.createSyncAccessHandle;
  await clearDevice();
});

test('OPFS, where files can be written; the try leaves none behind', async () => {
  giveHandles();
  expect(await chosen()).toEqual({ kind: 'opfs' });
  const names: string[] = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  expect(names).toEqual([]);
});

test.each(['UnknownError', 'SecurityError'])('IndexedDB where OPFS says %s', async (name) => {
  refuse(name);
  const reason = `The browser refuses its file storage here (${name}).`;
  expect(await chosen()).toEqual({ kind: 'indexeddb', reason });
});

test('IndexedDB where there is no OPFS', async () => {
  vi.spyOn(navigator, 'storage', 'get').mockReturnValue({} as StorageManager);
  const reason = 'This browser has no file storage for sites (OPFS).';
  expect(await chosen()).toEqual({ kind: 'indexeddb', reason });
});

test('IndexedDB where no worker can write files', async () => {
  expect(await chosen()).toMatchObject({
    kind: 'indexeddb',
    reason: 'This browser cannot write files in a worker.',
  });
});

test('an OPFS that is full is one', async () => {
  prototype.createSyncAccessHandle = () =>
    Promise.reject(new DOMException('full', 'QuotaExceededError'));
  expect(await chosen()).toEqual({ kind: 'opfs' });
});

test('an OPFS that fails later is an error, and no empty store', async () => {
  giveHandles();
  await openStore();
  refuse('UnknownError');
  const store = await openStore();
  expect(store.kind).toBe('opfs');
  await expect(store.list()).rejects.toMatchObject({ code: 'storage_denied' });
});

test('an OPFS that comes later does not hide what is in IndexedDB', async () => {
  refuse('UnknownError');
  const before = await chosen();
  vi.restoreAllMocks();
  giveHandles();
  expect(await chosen()).toEqual(before);
});

test('workers that choose at the same time choose the same', async () => {
  giveHandles();
  const first = openStore();
  refuse('UnknownError');
  const stores = await Promise.all([first, openStore(), openStore()]);
  expect(new Set(stores.map(({ kind }) => kind)).size).toBe(1);
});

test('a browser that refuses its databases too', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError');
  });
  await expect(openStore()).rejects.toMatchObject({ code: 'storage_denied' });
});
