/** The digest of a part that is in the store already. */
import { createSHA256, type IHasher } from 'hash-wasm';
import type { Digest } from '#core/digest';
import { SLICE, type BlobWriter } from '#store/blob-store';
import type { Piece } from './layout';

export class PartDigest {
  readonly #hash: IHasher;
  readonly #buffer = new Uint8Array(SLICE);

  private constructor(hash: IHasher) {
    this.#hash = hash;
  }

  static async create(): Promise<PartDigest> {
    return new PartDigest(await createSHA256());
  }

  /** Of what is there, which may be less than the part. */
  async readBack(writer: BlobWriter, { offset, size }: Piece): Promise<Digest> {
    this.#hash.init();
    const end = offset + size;
    for (let at = offset; at < end;) {
      const read = await writer.read(this.#buffer.subarray(0, Math.min(SLICE, end - at)), at);
      if (read === 0) break;
      this.#hash.update(this.#buffer.subarray(0, read));
      at += read;
    }
    return `sha256:${this.#hash.digest('hex')}` as Digest;
  }
}
