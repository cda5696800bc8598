/** Writes one OPFS file in place. */
import { PaddockError } from '#core/errors';
import type { BlobWriter } from '#store/blob-store';
import { storageError } from '#store/storage-error';

/** The part of FileSystemSyncAccessHandle that is used; the page's type library lacks the whole. */
export interface SyncHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  flush(): void;
  close(): void;
}

/**
 * What `write` returns in Chromium 156 when the quota is used up, where the specification has it throw:
 * its FILE_ERROR_NO_SPACE, -8, as an unsigned number. A short count is a full disk.
 */
const CHROMIUM_NO_SPACE = 2 ** 32 - 8;

export class OpfsWriter implements BlobWriter {
  readonly #handle: SyncHandle;

  constructor(handle: SyncHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<void> {
    let written: number;
    try {
      written = this.#handle.write(bytes, { at: offset });
    } catch (error) {
      throw storageError(error, 'write a model file');
    }
    if (written === bytes.byteLength) return;
    const full = written < bytes.byteLength || written === CHROMIUM_NO_SPACE;
    const message = `Could not write a model file: of ${bytes.byteLength} bytes, ${written} were taken.`;
    throw new PaddockError(full ? 'storage_full' : 'storage_failed', message);
  }

  async read(into: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    let read: number;
    try {
      read = this.#handle.read(into, { at: offset });
    } catch (error) {
      throw storageError(error, 'read a model file');
    }
    if (read <= into.byteLength) return read;
    throw new PaddockError('storage_failed', `Could not read a model file: ${read} bytes came.`);
  }

  async flush(): Promise<void> {
    try {
      this.#handle.flush();
    } catch (error) {
      throw storageError(error, 'write a model file');
    }
  }

  async close(): Promise<void> {
    this.#handle.close();
  }
}
