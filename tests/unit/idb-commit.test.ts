/** Two that fetch the same bytes, of which only one knows their digest. */
import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { digestOf } from '#core/digest';
import { connectBlobs } from '#store/idb-schema';
import { IdbStore } from '#store/idb';
import { FakeLocks } from '../fixtures/fake-locks';

test('a commit does not take the file from under another writer', async () => {
  vi.stubGlobal('navigator', { locks: new FakeLocks() });
  const store = new IdbStore(undefined, connectBlobs('commit'));
  const bytes = new Uint8Array([1, 2, 3]);
  const [digest, key] = [await digestOf(bytes), await digestOf(new Uint8Array([9]))];
  const theirs = await store.writer(digest);
  await theirs.write(bytes, 0);
  await theirs.flush();
  const ours = await store.writer(key);
  await ours.write(bytes, 0);
  await ours.close();
  await expect(store.commit(key, digest)).rejects.toMatchObject({ detail: { busy: true } });
  expect(await theirs.read(new Uint8Array(3), 0)).toBe(3);
  await theirs.close();
  await store.commit(key, digest);
  expect(await store.size(digest)).toBe(3);
  expect(await store.listUnfinished()).toEqual([]);
  await store.close();
});
