/** The blob store on the origin private file system: `blobs/sha256-<hex>`, unfinished `blobs/tmp-sha256-<hex>`. */
import { blobFileName, parseDigest, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { BlobEntry, BlobStore, BlobWriter } from '#store/blob-store';
import { OpfsWriter, type SyncHandle } from '#store/opfs-writer';
import { storageError } from '#store/storage-error';

const FOLDER = 'blobs';
const UNFINISHED = 'tmp-';
/** Bytes in memory while a blob is copied where `move()` is missing. */
const COPY_SLICE = 4 * 1024 * 1024;

/** What the DOM types leave out, and what not every browser has. */
interface OpfsFile {
  createSyncAccessHandle?(): Promise<SyncHandle>;
  move?(name: string): Promise<void>;
}

/**
 * Needs a dedicated worker for `writer` and, without `move()`, for `commit`.
 * A blob counts as committed when its file is there and its unfinished file is not, so a copy that was
 * cut off never counts. Folders are looked up each time: they vanish when a person clears site data.
 */
export class OpfsStore implements BlobStore {
  readonly kind = 'opfs';

  async has(digest: Digest): Promise<boolean> {
    return (await this.size(digest)) !== null;
  }

  async size(digest: Digest): Promise<number | null> {
    const file = await this.#committed(digest);
    return file?.size ?? null;
  }

  async open(digest: Digest): Promise<Blob> {
    const file = await this.#committed(digest);
    if (!file)
      throw new PaddockError('model_unreadable', `The blob ${digest} is not on this device.`);
    return file;
  }

  async file(digest: Digest): Promise<FileSystemFileHandle> {
    return attempt('read a model file', async () =>
      (await folder()).getFileHandle(blobFileName(digest)),
    );
  }

  async writer(digest: Digest): Promise<BlobWriter> {
    return attempt('open a model file for writing', async () => {
      const handle = await (await folder()).getFileHandle(unfinishedName(digest), { create: true });
      return new OpfsWriter(await syncHandle(handle));
    });
  }

  async unfinishedSize(digest: Digest): Promise<number> {
    return (await readFile(await folder(), unfinishedName(digest)))?.size ?? 0;
  }

  async commit(key: Digest, digest = key): Promise<void> {
    await attempt('finish a model file', async () => {
      const blobs = await folder();
      const handle = await blobs.getFileHandle(unfinishedName(key));
      const file = handle as OpfsFile;
      // Begun where the digest was known: beside it the finished one would not count. One that is written now stays.
      if (digest !== key) await blobs.removeEntry(unfinishedName(digest)).catch(unlessMissing);
      if (file.move) return file.move(blobFileName(digest));
      // As long as it is there, what is copied does not count.
      await blobs.getFileHandle(unfinishedName(digest), { create: true });
      await copy(
        await handle.getFile(),
        await blobs.getFileHandle(blobFileName(digest), { create: true }),
      );
      await blobs.removeEntry(unfinishedName(digest));
      if (digest !== key) await blobs.removeEntry(unfinishedName(key));
    });
  }

  async delete(digest: Digest): Promise<void> {
    const blobs = await folder();
    // The finished file first: alone, a copy that was cut off would count as committed.
    for (const name of [blobFileName(digest), unfinishedName(digest)]) {
      await attempt('delete a model file', () => blobs.removeEntry(name).catch(unlessMissing));
    }
  }

  /** By their names alone: to open 600 files takes 100 ms and more. */
  async digests(): Promise<Digest[]> {
    const names = new Set<string>();
    const blobs = await folder();
    await attempt('list the model files', async () => {
      for await (const name of blobs.keys()) names.add(name);
    });
    const committed = [...names].filter((name) => !names.has(UNFINISHED + name));
    return committed.map(parseDigest).filter((digest) => digest !== null);
  }

  async list(): Promise<BlobEntry[]> {
    const [finished, unfinished] = await entries();
    const pending = new Set(unfinished.map((entry) => entry.digest));
    return finished.filter((entry) => !pending.has(entry.digest));
  }

  async listUnfinished(): Promise<BlobEntry[]> {
    return (await entries())[1];
  }

  async #committed(digest: Digest): Promise<File | null> {
    const blobs = await folder();
    const names = [blobFileName(digest), unfinishedName(digest)];
    const [file, unfinished] = await Promise.all(names.map((name) => readFile(blobs, name)));
    return unfinished ? null : (file ?? null);
  }
}

function unfinishedName(digest: Digest): string {
  return UNFINISHED + blobFileName(digest);
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  // Absent in insecure contexts and in old browsers.
  const storage = globalThis.navigator?.storage as Partial<StorageManager> | undefined;
  if (!storage?.getDirectory) {
    throw new PaddockError('storage_missing', 'This browser has no origin private file system.', {
      lacking: 'OPFS',
    });
  }
  try {
    return await (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  } catch (error) {
    const mapped = storageError(error, 'open the storage of this site');
    // Safari's private windows throw UnknownError here ("transient reason").
    const denied = error instanceof Error && error.name === 'UnknownError';
    throw denied ? new PaddockError('storage_denied', mapped.message) : mapped;
  }
}

/** Committed-looking files and unfinished ones; other names are not ours and stay. */
async function entries(): Promise<[BlobEntry[], BlobEntry[]]> {
  const finished: BlobEntry[] = [];
  const unfinished: BlobEntry[] = [];
  const blobs = await folder();
  await attempt('list the model files', async () => {
    for await (const name of blobs.keys()) {
      const isTmp = name.startsWith(UNFINISHED);
      const digest = parseDigest(isTmp ? name.slice(UNFINISHED.length) : name);
      const file = digest && (await readFile(blobs, name)); // null when it went meanwhile
      if (!file) continue;
      const entry = { digest, size: file.size, modifiedAt: file.lastModified };
      (isTmp ? unfinished : finished).push(entry);
    }
  });
  return [finished, unfinished];
}

async function readFile(blobs: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await blobs.getFileHandle(name)).getFile();
  } catch (error) {
    unlessMissing(error);
    return null;
  }
}

async function syncHandle(handle: FileSystemFileHandle): Promise<SyncHandle> {
  const file = handle as OpfsFile;
  if (!file.createSyncAccessHandle) {
    throw new PaddockError('storage_missing', 'Files can only be written in a dedicated worker.', {
      lacking: 'synchronous file access',
    });
  }
  return file.createSyncAccessHandle();
}

async function copy(from: File, to: FileSystemFileHandle): Promise<void> {
  const writer = new OpfsWriter(await syncHandle(to));
  try {
    for (let at = 0; at < from.size; at += COPY_SLICE) {
      await writer.write(new Uint8Array(await from.slice(at, at + COPY_SLICE).arrayBuffer()), at);
    }
    await writer.flush();
  } finally {
    await writer.close();
  }
}

async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, doing);
  }
}

function unlessMissing(error: unknown): void {
  if (error instanceof Error && error.name === 'NotFoundError') return;
  throw storageError(error, 'read a model file');
}
