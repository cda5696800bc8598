/** Reads a file of the model, slices synchronously, so that none waits for the event loop. */
import type { PaddockError } from '#core/errors';
import type { SyncHandle } from '#store/opfs-writer';
import { unreadableModel } from '../spec/faults';

export interface WeightsReader {
  /** Bytes of the file. */
  readonly size: number;
  /** Fills `target`, which may lie in shared memory, from `offset` of the file. */
  read(target: Uint8Array, offset: number): void;
  /** Some bytes, for what is read once: the header, vectors. */
  bytes(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

/** What only workers have, or only some browsers: the page's type library, which tests use, lacks it. */
interface WorkerScope {
  FileSystemSyncAccessHandle?: { prototype: object };
  FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}

interface ReadableFile {
  createSyncAccessHandle(options: { mode: 'read-only' }): Promise<SyncHandle>;
}

const scope = globalThis as unknown as WorkerScope;

/**
 * @param file of the blob, where the store has one: its access handle reads three times as fast as the blob and
 * leaves no garbage. Only where handles know modes (Chrome 121): others would lock the file.
 */
export async function openReader(
  weights: Blob,
  file: FileSystemFileHandle | undefined,
): Promise<WeightsReader> {
  const handles = scope.FileSystemSyncAccessHandle;
  if (file && handles && 'mode' in handles.prototype) {
    const opened = await (file as unknown as ReadableFile)
      .createSyncAccessHandle({ mode: 'read-only' })
      .catch(() => undefined); // locked by a writer: the blob can be read all the same
    if (opened) return new HandleReader(opened, weights.size);
  }
  return new BlobReader(weights);
}

class HandleReader implements WeightsReader {
  readonly size: number;
  readonly #handle: SyncHandle;

  constructor(handle: SyncHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  read(target: Uint8Array, offset: number): void {
    const read = this.#handle.read(target, { at: offset });
    if (read !== target.byteLength) throw cutShort(offset + read);
  }

  async bytes(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    this.read(bytes, offset);
    return bytes;
  }

  close(): void {
    this.#handle.close();
  }
}

class BlobReader implements WeightsReader {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  get size(): number {
    return this.#blob.size;
  }

  read(target: Uint8Array, offset: number): void {
    const slice = this.#blob.slice(offset, offset + target.byteLength);
    const bytes = new Uint8Array(new scope.FileReaderSync().readAsArrayBuffer(slice));
    if (bytes.byteLength !== target.byteLength) throw cutShort(offset + bytes.byteLength);
    target.set(bytes);
  }

  async bytes(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
  }

  close(): void {}
}

function cutShort(at: number): PaddockError {
  return unreadableModel(`the file ends at ${at} bytes, in the middle of a tensor`);
}
