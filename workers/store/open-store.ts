/**
 * The store that host, puller and runner share. OPFS where files can be written in a worker, else IndexedDB. The
 * choice is made once and recorded: what lies in one store is not found in the other, so an OPFS that fails later
 * is an error that says so, and never a change to an empty store.
 */
import type { BlobStore } from '#store/blob-store';
import { IdbStore } from '#store/idb';
import { connectBlobs, settled, type ChoiceRecord } from '#store/idb-schema';
import { OpfsStore } from '#store/opfs';

/**
 * In a dedicated worker. @throws PaddockError `storage_missing` or `storage_denied` where the browser has or gives
 * neither, `storage_failed`
 */
export async function openStore(): Promise<BlobStore> {
  const db = connectBlobs();
  try {
    const choice =
      (await db.run('open the storage of this site', (open) => open.get('choice', 'store'))) ??
      (await record(await choose()));
    return choice.kind === 'opfs' ? new OpfsStore() : new IdbStore(choice.reason);
  } finally {
    await db.close();
  }

  /** Another worker's, where it was first. */
  function record(chosen: ChoiceRecord): Promise<ChoiceRecord> {
    return db.run('open the storage of this site', async (open) => {
      const change = open.transaction('choice', 'readwrite', { durability: 'strict' });
      const there = await change.store.get('store');
      const puts = there ? [] : [change.store.put(chosen, 'store')];
      await settled(change.done, ...puts);
      return there ?? chosen;
    });
  }
}

/** Tries to make and open a file, as the writer does. */
async function choose(): Promise<ChoiceRecord> {
  const storage = navigator.storage as Partial<StorageManager> | undefined;
  if (!storage?.getDirectory) return instead('This browser has no file storage for sites (OPFS).');
  const name = `probe-${crypto.randomUUID()}`;
  let root: FileSystemDirectoryHandle;
  try {
    root = await storage.getDirectory();
  } catch (error) {
    return instead(`The browser refuses its file storage here (${nameOf(error)}).`);
  }
  try {
    const file = (await root.getFileHandle(name, { create: true })) as FileSystemFileHandle & {
      createSyncAccessHandle?(): Promise<{ close(): void }>;
    };
    if (!file.createSyncAccessHandle)
      return instead('This browser cannot write files in a worker.');
    (await file.createSyncAccessHandle()).close();
    return { kind: 'opfs' };
  } catch (error) {
    if (nameOf(error) === 'QuotaExceededError') return { kind: 'opfs' }; // it works, and is full
    return instead(`The browser's file storage failed when it was tried (${nameOf(error)}).`);
  } finally {
    await root.removeEntry(name).catch(() => {}); // an empty file, or none
  }
}

function instead(reason: string): ChoiceRecord {
  return { kind: 'indexeddb', reason };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
