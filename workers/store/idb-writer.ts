/** Writes the slices of one unfinished blob in IndexedDB. */
import { PaddockError } from '#core/errors';
import { SLICE, type BlobWriter } from '#store/blob-store';
import type { Connection } from '#store/connection';
import { settled, type BlobRecord, type BlobSchema } from '#store/idb-schema';

const DOING = 'write a model file';

/** False once this browser refused a Blob as a record, as WebKit's private windows do; its bytes are taken. */
let takesBlobs = true;

export class IdbWriter implements BlobWriter {
  readonly #db: Connection<BlobSchema>;
  readonly #release: () => Promise<void>;
  #record: BlobRecord;

  /** `release` gives up the right to write this blob. */
  constructor(db: Connection<BlobSchema>, record: BlobRecord, release: () => Promise<void>) {
    this.#db = db;
    this.#record = record;
    this.#release = release;
  }

  async write(bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<void> {
    if (offset % SLICE !== 0) {
      throw new PaddockError('internal', `A model file has no slice at byte ${offset}.`);
    }
    const size = Math.max(this.#record.size, offset + bytes.length);
    this.#record = { ...this.#record, size, modifiedAt: Date.now() };
    try {
      await this.#put(bytes, offset, takesBlobs);
    } catch (error) {
      if (!takesBlobs || !refusesBlobs(error)) throw error;
      await this.#put(bytes, offset, false);
      takesBlobs = false;
    }
  }

  async read(into: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    const { id } = this.#record;
    let read = 0;
    while (read < into.length) {
      const within = (offset + read) % SLICE;
      const start = offset + read - within;
      const slice = await this.#db.run('read a model file', (db) => db.get('slices', [id, start]));
      if (!slice) break;
      const wanted = Math.min(SLICE - within, into.length - read);
      const blob = slice instanceof Blob ? slice : new Blob([slice]);
      const bytes = new Uint8Array(await blob.slice(within, within + wanted).arrayBuffer());
      into.set(bytes, read);
      read += bytes.length;
      if (bytes.length < wanted) break;
    }
    return read;
  }

  /** Writes are committed in their order, so one that is on the disk has those before it there. */
  async flush(): Promise<void> {
    await this.#db.run(DOING, async (db) => {
      const change = db.transaction('unfinished', 'readwrite', { durability: 'strict' });
      await settled(change.done, change.store.put(this.#record));
    });
  }

  close(): Promise<void> {
    return this.#release();
  }

  async #put(bytes: Uint8Array<ArrayBuffer>, offset: number, asBlobs: boolean): Promise<void> {
    const { id } = this.#record;
    const slices: [number, Blob | ArrayBuffer][] = [];
    for (let at = 0; at < bytes.length; at += SLICE) {
      const slice = bytes.subarray(at, at + SLICE);
      slices.push([offset + at, asBlobs ? new Blob([slice]) : slice.slice().buffer]);
    }
    await this.#db.run(DOING, async (db) => {
      const change = db.transaction(['unfinished', 'slices'], 'readwrite', {
        durability: 'relaxed',
      });
      const puts = slices.map(([at, slice]) => change.objectStore('slices').put(slice, [id, at]));
      await settled(change.done, change.objectStore('unfinished').put(this.#record), ...puts);
    });
  }
}

function refusesBlobs(error: unknown): boolean {
  return error instanceof PaddockError && error.code === 'storage_failed';
}
