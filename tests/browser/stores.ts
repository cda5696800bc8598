/** What the tests of the blob stores share: workers, and a device that is empty again afterwards. */
import { vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { Caller } from '#core/caller';
import { BLOBS } from '#store/idb-schema';
import type { StoreMethods } from './blob-store-worker';

export type TestedKind = 'opfs' | 'indexeddb';

const workers: Worker[] = [];

export type StoreWorker = Caller<StoreMethods> & {
  /** Ends the worker as a crash does. */
  kill(): void;
};

export function startWorker(kind: TestedKind): StoreWorker {
  const worker = new Worker(new URL('./blob-store-worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  const caller = new Caller<StoreMethods>(worker);
  caller.call('use', kind).result.catch(() => {}); // the worker is gone before it has started
  return Object.assign(caller, { kill: () => worker.terminate() });
}

export async function blobFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('blobs', { create: true });
}

/** Ends every worker and empties both stores. */
export async function clearDevice(): Promise<void> {
  for (const worker of workers.splice(0)) worker.terminate();
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) {
    // A killed worker lets go of its files a little later.
    await vi.waitFor(() => root.removeEntry(name, { recursive: true }), 15_000);
  }
  await deleteDatabase(BLOBS);
}

export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('It stays.'));
  });
}

/** The browser gives this site `bytes` more than it uses; absent: what it gives usually. */
export async function setRoom(bytes?: number): Promise<void> {
  const { usage = 0 } = await navigator.storage.estimate();
  const devtools = cdp() as { send(method: string, params: object): Promise<unknown> };
  const quota = bytes === undefined ? {} : { quotaSize: usage + bytes };
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: location.origin, ...quota });
}
