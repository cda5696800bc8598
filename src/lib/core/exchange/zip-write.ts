/** Packs a ZIP file by file. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { BlobParts } from '#core/exchange/blob-parts';
import { MOST_FILE, tooLarge } from '#core/exchange/limits';

/** Packed already. */
const PACKED = /\.(png|jpe?g|gif|webp|avif)$/i;

export class ZipWriter {
  readonly #parts = new BlobParts();
  #failed: Error | null = null;
  #size = 0;
  readonly #zip = new Zip((error, bytes) => {
    if (error) this.#failed = error;
    else this.#take(bytes);
  });

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.#size += bytes.length;
    this.#parts.add(bytes);
  }

  /** @throws PaddockError `bad_file` where nobody could read it again */
  add(path: string, data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    const file = PACKED.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    this.#zip.add(file);
    file.push(bytes, true);
    if (this.#failed) throw this.#failed;
    if (this.#size > MOST_FILE) throw tooLarge('This ZIP', this.#size, MOST_FILE);
  }

  finish(): Blob {
    this.#zip.end();
    if (this.#failed) throw this.#failed;
    return this.#parts.blob('application/zip');
  }
}
