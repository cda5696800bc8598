/** IndexedDB `paddock-blobs`: which store this browser has, and the blobs where there is no OPFS. */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Digest } from '#core/digest';
import type { BlobEntry } from '#store/blob-store';
import { Connection } from '#store/connection';

/** A blob's slices belong to its `id`, so that an unknown digest becomes a known one without moving them. */
export interface BlobRecord extends BlobEntry {
  id: string;
}

export interface ChoiceRecord {
  kind: 'opfs' | 'indexeddb';
  /** Why it is not OPFS. */
  reason?: string;
}

export interface BlobSchema extends DBSchema {
  choice: { key: 'store'; value: ChoiceRecord };
  finished: { key: Digest; value: BlobRecord };
  unfinished: { key: Digest; value: BlobRecord };
  /** By id and offset; what is written where a browser takes no Blob is its bytes. */
  slices: { key: [string, number]; value: Blob | ArrayBuffer };
}

export type BlobDatabase = IDBPDatabase<BlobSchema>;

export const BLOBS = 'paddock-blobs';

export function connectBlobs(name = BLOBS): Connection<BlobSchema> {
  return new Connection<BlobSchema>(name, [
    (db) => {
      db.createObjectStore('choice');
      db.createObjectStore('finished', { keyPath: 'digest' });
      db.createObjectStore('unfinished', { keyPath: 'digest' });
      db.createObjectStore('slices');
    },
  ]);
}

/** All slices of one id; numbers sort before arrays. */
export function slicesOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}

/**
 * Waits for a transaction and its requests. When the quota ends it, the requests say AbortError and only the
 * transaction says why.
 */
export async function settled(done: Promise<void>, ...requests: Promise<unknown>[]): Promise<void> {
  const [end, ...results] = await Promise.allSettled([done, ...requests]);
  const failed = [end, ...results].find((result) => result?.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
