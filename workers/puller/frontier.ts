/** The whole digest, which follows the parts that are there without a gap by reading them back. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { SLICE, type BlobWriter } from '#store/blob-store';
import type { Layout, Piece } from './layout';
import type { WholeHash } from './whole-hash';

/**
 * Slices of 1 MiB on their way to the hash, which has work for 48 ms while this thread waits for the disk or a host. With
 * four a pull made 96–104 MB/s, with twelve 108–124 (`npm run bench:pull`, in turns), for 8 MB more memory.
 */
const BUFFERS = 12;

export class Frontier {
  readonly #layout: Layout;
  readonly #writer: BlobWriter;
  readonly #hash: WholeHash;
  readonly #isThere: (index: number) => boolean;
  #stopped = false;
  /** Buffers that are free, or will be. */
  readonly #buffers: Promise<ArrayBuffer>[] = [];
  #running: Promise<void> | undefined;
  /** Parts that were handed to the hash; `#hashed` of them it has, with the state to prove it. */
  #read: number;
  #hashed: number;
  #state: Uint8Array<ArrayBuffer> | null;

  /** `hash` has the first `hashed` parts, whose `state` is. */
  constructor(
    layout: Layout,
    writer: BlobWriter,
    hash: WholeHash,
    { hashed, state }: { hashed: number; state: Uint8Array<ArrayBuffer> | null },
    isThere: (index: number) => boolean,
  ) {
    this.#layout = layout;
    this.#writer = writer;
    this.#hash = hash;
    this.#read = this.#hashed = hashed;
    this.#state = state;
    this.#isThere = isThere;
    const count = Math.min(BUFFERS, Math.ceil(layout.size / SLICE));
    for (let n = 0; n < count; n++) this.#buffers.push(Promise.resolve(new ArrayBuffer(SLICE)));
  }

  /** What a later session needs to go on. */
  get saved(): { hashed: number; hashState: Uint8Array<ArrayBuffer> | null } {
    return { hashed: this.#hashed, hashState: this.#state };
  }

  /**
   * Goes on as far as the parts are there; who waits for the result learns of a failed read. After one it never does:
   * the hash has half a part, and its state would be kept for the next session.
   */
  advance(): Promise<void> {
    this.#running ??= this.#follow().then(() => (this.#running = undefined));
    return this.#running;
  }

  /** All parts are there. */
  async end(): Promise<Digest> {
    while (this.#read < this.#layout.pieces.length) {
      if (!this.#isThere(this.#read)) throw new PaddockError('internal', 'A part is missing.');
      await this.advance();
    }
    return this.#hash.digest();
  }

  /** Resolves when nothing is read any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => {}); // whoever advanced it was told
  }

  async #follow(): Promise<void> {
    const { pieces } = this.#layout;
    while (this.#read < pieces.length && this.#isThere(this.#read)) {
      await this.#readBack(pieces[this.#read]!);
      this.#keep(++this.#read);
    }
  }

  /** Nobody waits for it: the next part is read meanwhile. */
  #keep(hashed: number): void {
    const keep = (state: Uint8Array<ArrayBuffer>) => {
      this.#hashed = hashed;
      this.#state = state;
    };
    this.#hash.save().then(keep, () => {}); // the next `update` or `digest` fails as well, and tells
  }

  async #readBack({ offset, size }: Piece): Promise<void> {
    const end = offset + size;
    for (let at = offset; at < end;) {
      if (this.#stopped) throw new PaddockError('aborted', 'The transfer was stopped.');
      const buffer = await this.#buffers.shift()!;
      // Up to the next slice: a store of records reads each once.
      const room = Math.min(SLICE - (at % SLICE), end - at);
      const read = await this.#writer.read(new Uint8Array(buffer, 0, room), at);
      if (read === 0) throw new PaddockError('storage_failed', 'Part of a model file is gone.');
      const back = this.#hash.update(new Uint8Array(buffer, 0, read));
      back.catch(() => {}); // whoever takes the buffer next is told
      this.#buffers.push(back);
      at += read;
    }
  }
}
