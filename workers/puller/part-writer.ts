/** Writes parts in the store's slices, one part after the other, and takes the digest of each. */
import { createSHA256, type IHasher } from 'hash-wasm';
import { digestOf, type Digest } from '#core/digest';
import { SLICE, type BlobWriter } from '#store/blob-store';
import type { Layout, Piece } from './layout';

/**
 * Bytes in memory of each connection, at most. A part that fits is hashed by WebCrypto, some four times as fast as
 * hash-wasm, which takes the longer ones slice by slice; Chromium 156 has done so when `digest` returns.
 */
const BUFFER = 4 * SLICE;

export class PartWriter {
  readonly #writer: BlobWriter;
  /** Of the whole blob. */
  readonly #size: number;
  readonly #buffer: Uint8Array<ArrayBuffer>;
  #hash: IHasher | undefined;
  #piece!: Piece;
  /** Where the buffer's first byte belongs: on the grid. */
  #start = 0;
  #filled = 0;
  /** Of them, written: whole slices. */
  #written = 0;
  #fits = true;

  constructor(writer: BlobWriter, { size, pieces, onGrid }: Layout) {
    this.#writer = writer;
    this.#size = size;
    const largest = pieces.reduce((most, piece) => Math.max(most, piece.size), 0);
    const fits = onGrid && largest <= BUFFER;
    this.#buffer = new Uint8Array(fits ? Math.ceil(largest / SLICE) * SLICE : SLICE);
  }

  async begin(piece: Piece): Promise<void> {
    const head = piece.offset % SLICE;
    this.#piece = piece;
    this.#start = piece.offset - head;
    this.#written = 0;
    this.#filled = head;
    this.#fits = head === 0 && piece.size <= this.#buffer.length;
    if (!this.#fits) (this.#hash ??= await createSHA256()).init();
    // The slice has an end of the part before.
    if (head > 0) await this.#writer.read(this.#buffer.subarray(0, head), this.#start);
  }

  async add(bytes: Uint8Array): Promise<void> {
    if (!this.#fits) this.#hash!.update(bytes);
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + this.#buffer.length - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      const whole = this.#filled - (this.#filled % SLICE);
      if (whole > this.#written) await this.#write(whole);
      if (this.#filled === this.#buffer.length && !this.#fits) {
        this.#start += this.#filled;
        this.#filled = this.#written = 0;
      }
    }
  }

  /** Writes the rest of the part, and says what came. */
  async end(): Promise<Digest> {
    if (this.#filled > this.#written) {
      const at = this.#start + this.#filled;
      const room = Math.min(SLICE - (this.#filled % SLICE), this.#size - at);
      // The slice may have a beginning of the part behind.
      const rest = this.#buffer.subarray(this.#filled, this.#filled + room);
      await this.#write(this.#filled + (await this.#writer.read(rest, at)));
    }
    if (this.#fits) return digestOf(this.#buffer.subarray(0, this.#piece.size));
    return `sha256:${this.#hash!.digest('hex')}` as Digest;
  }

  async #write(end: number): Promise<void> {
    await this.#writer.write(
      this.#buffer.subarray(this.#written, end),
      this.#start + this.#written,
    );
    this.#written = end;
  }
}
