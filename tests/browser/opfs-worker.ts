/** The OPFS store in a dedicated worker, where its writer works; called by `opfs.test.ts`. */
import { serve } from '#core/callee';
import type { Digest } from '#core/digest';
import type { Port } from '#core/protocol';
import { OpfsStore } from '#store/opfs';
import type { BlobWriter } from '#store/blob-store';

interface Call<P, R> {
  params: P;
  chunk: never;
  result: R;
}

export interface StoreMethods {
  open: Call<Digest, void>;
  write: Call<{ digest: Digest; bytes: Uint8Array<ArrayBuffer>; offset: number }, void>;
  /** What was written between `offset` and `offset + length`. */
  read: Call<{ digest: Digest; offset: number; length: number }, Uint8Array>;
  close: Call<Digest, void>;
  commit: Call<Digest, void>;
  /** From here on this worker's browser has no `move()`. */
  loseMove: Call<null, void>;
  /** From here on every write takes one byte too few. */
  shorten: Call<null, void>;
}

const store = new OpfsStore();
const writers = new Map<Digest, BlobWriter>();
const writerOf = (digest: Digest) => writers.get(digest)!;

// The tests are checked against the page's types, where `self` is a window.
serve<StoreMethods>(self as unknown as Port, {
  async open(digest) {
    writers.set(digest, await store.writer(digest));
  },
  async write({ digest, bytes, offset }) {
    await writerOf(digest).write(bytes, offset);
    await writerOf(digest).flush();
  },
  async read({ digest, offset, length }) {
    const into = new Uint8Array(length);
    return into.slice(0, await writerOf(digest).read(into, offset));
  },
  async close(digest) {
    await writerOf(digest).close();
  },
  commit: (digest) => store.commit(digest),
  async loseMove() {
    Reflect.deleteProperty(FileSystemFileHandle.prototype, 'move');
  },
  async shorten() {
    const { prototype } = (globalThis as unknown as Record<string, { prototype: object }>)
      .FileSystemSyncAccessHandle!;
    const write = Reflect.get(prototype, 'write') as Write;
    const short: Write = function (bytes, options) {
      return write.call(this, bytes.subarray(1), options);
    };
    Reflect.set(prototype, 'write', short);
  },
});

type Write = (this: unknown, bytes: Uint8Array, options: { at: number }) => number;
