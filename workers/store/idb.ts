/**
 * The blob store in IndexedDB `paddock-blobs`, where there is no OPFS: a record a slice of 1 MiB. A record that is a
 * Blob stays on the disk until it is read, so `open` copies nothing to memory.
 *
 * Cache Storage is not used beside it: an entry there is written whole and cannot grow, a blob of slices would need an
 * index elsewhere, written in another transaction, and private windows of Firefox have none.
 */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { SLICE, type BlobEntry, type BlobStore, type BlobWriter } from '#store/blob-store';
import type { Connection } from '#store/connection';
import {
  connectBlobs,
  settled,
  slicesOf,
  type BlobRecord,
  type BlobSchema,
} from '#store/idb-schema';
import { IdbWriter } from '#store/idb-writer';
import { tryLock } from '#store/hold-lock';

/** Works in any worker, and in a page. A blob counts as committed when no unfinished one has its digest. */
export class IdbStore implements BlobStore {
  readonly kind = 'indexeddb';
  readonly reason?: string;
  readonly #db: Connection<BlobSchema>;

  constructor(reason?: string, db = connectBlobs()) {
    this.reason = reason;
    this.#db = db;
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.size(digest)) !== null;
  }

  async size(digest: Digest): Promise<number | null> {
    return (await this.#committed(digest))?.size ?? null;
  }

  async open(digest: Digest): Promise<Blob> {
    const record = await this.#committed(digest);
    if (!record) {
      throw new PaddockError('model_unreadable', `The blob ${digest} is not on this device.`);
    }
    const slices = await this.#db.run('read a model file', (db) =>
      db.getAll('slices', slicesOf(record.id)),
    );
    const blob = new Blob(slices);
    // A slice that the browser lost would move all that follow it.
    const whole = blob.size === record.size && slices.length === Math.ceil(record.size / SLICE);
    if (whole) return blob;
    const message = `The blob ${digest} has ${blob.size} of its ${record.size} bytes.`;
    throw new PaddockError('model_unreadable', message);
  }

  async writer(digest: Digest): Promise<BlobWriter> {
    const release = await alone(digest);
    try {
      const record = await this.#db.run('open a model file for writing', async (db) => {
        const change = db.transaction('unfinished', 'readwrite');
        const there = await change.store.get(digest);
        const record = there ?? newRecord(digest);
        await settled(change.done, change.store.put(record));
        return record;
      });
      return new IdbWriter(this.#db, record, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  async unfinishedSize(digest: Digest): Promise<number> {
    const record = await this.#db.run('read a model file', (db) => db.get('unfinished', digest));
    return record?.size ?? 0;
  }

  async commit(key: Digest, digest = key): Promise<void> {
    // One that somebody else writes is not taken from under them.
    const release = key === digest ? async () => {} : await alone(digest);
    try {
      await this.#commit(key, digest);
    } finally {
      await release();
    }
  }

  async #commit(key: Digest, digest: Digest): Promise<void> {
    await this.#db.run('finish a model file', async (db) => {
      const change = db.transaction(['finished', 'unfinished', 'slices'], 'readwrite', {
        durability: 'strict',
      });
      const [finished, unfinished] = [
        change.objectStore('finished'),
        change.objectStore('unfinished'),
      ];
      const record = await unfinished.get(key);
      if (!record) throw new PaddockError('storage_failed', 'There is no model file to finish.');
      const old = [
        await finished.get(digest),
        key === digest ? null : await unfinished.get(digest),
      ];
      const requests: Promise<unknown>[] = old
        .filter((one) => !!one)
        .map(({ id }) => change.objectStore('slices').delete(slicesOf(id)));
      requests.push(unfinished.delete(key), unfinished.delete(digest));
      requests.push(finished.put({ ...record, digest, modifiedAt: Date.now() }));
      await settled(change.done, ...requests);
    });
  }

  async delete(digest: Digest): Promise<void> {
    const release = await alone(digest);
    try {
      await this.#db.run('delete a model file', async (db) => {
        const change = db.transaction(['finished', 'unfinished', 'slices'], 'readwrite', {
          durability: 'strict',
        });
        const requests: Promise<unknown>[] = [];
        for (const name of ['finished', 'unfinished'] as const) {
          const records = change.objectStore(name);
          const record = await records.get(digest);
          if (!record) continue;
          requests.push(change.objectStore('slices').delete(slicesOf(record.id)));
          requests.push(records.delete(digest));
        }
        await settled(change.done, ...requests);
      });
    } finally {
      await release();
    }
  }

  async list(): Promise<BlobEntry[]> {
    const [finished, unfinished] = await this.#entries();
    const pending = new Set(unfinished.map(({ digest }) => digest));
    return finished.filter(({ digest }) => !pending.has(digest));
  }

  async listUnfinished(): Promise<BlobEntry[]> {
    return (await this.#entries())[1];
  }

  /** Closes the connection; the next use opens it again. */
  close(): Promise<void> {
    return this.#db.close();
  }

  async #committed(digest: Digest): Promise<BlobRecord | null> {
    return this.#db.run('read a model file', async (db) => {
      const look = db.transaction(['finished', 'unfinished']);
      const [record, unfinished] = await Promise.all([
        look.objectStore('finished').get(digest),
        look.objectStore('unfinished').getKey(digest),
        look.done,
      ]);
      return unfinished ? null : (record ?? null);
    });
  }

  async #entries(): Promise<[BlobEntry[], BlobEntry[]]> {
    return this.#db.run('list the model files', async (db) => {
      const look = db.transaction(['finished', 'unfinished']);
      const [finished, unfinished] = await Promise.all([
        look.objectStore('finished').getAll(),
        look.objectStore('unfinished').getAll(),
        look.done,
      ]);
      return [finished.map(toEntry), unfinished.map(toEntry)];
    });
  }
}

function newRecord(digest: Digest): BlobRecord {
  return { digest, id: crypto.randomUUID(), size: 0, modifiedAt: Date.now() };
}

function toEntry({ digest, size, modifiedAt }: BlobRecord): BlobEntry {
  return { digest, size, modifiedAt };
}

/** The right to change this blob, which falls with the worker that has it; resolves with what gives it back. */
async function alone(digest: Digest): Promise<() => Promise<void>> {
  const release = await tryLock(`paddock-blob:${digest}`);
  if (release) return release;
  const message = 'Could not change a model file: it is in use elsewhere.';
  throw new PaddockError('storage_failed', message, { busy: true });
}
