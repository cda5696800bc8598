/** A blob store in a dedicated worker, where its writer works; called by `blob-store.test.ts` and `opfs.test.ts`. */
import { serve } from '#core/callee';
import type { Digest } from '#core/digest';
import type { Port } from '#core/protocol';
import type { BlobEntry, BlobStore, BlobWriter } from '#store/blob-store';
import { IdbStore } from '#store/idb';
import { OpfsStore } from '#store/opfs';

interface Call<P, R> {
  params: P;
  chunk: never;
  result: R;
}

export interface StoreMethods {
  use: Call<'opfs' | 'indexeddb', void>;
  open: Call<Digest, void>;
  write: Call<{ digest: Digest; bytes: Uint8Array<ArrayBuffer>; offset: number }, void>;
  flush: Call<Digest, void>;
  /** What was written between `offset` and `offset + length`. */
  read: Call<{ digest: Digest; offset: number; length: number }, Uint8Array>;
  close: Call<Digest, void>;
  commit: Call<{ key: Digest; digest?: Digest }, void>;
  delete: Call<Digest, void>;
  /** The bytes of the committed blob, read in a nested worker. */
  nested: Call<Digest, ArrayBuffer>;
  has: Call<Digest, boolean>;
  size: Call<Digest, number | null>;
  unfinishedSize: Call<Digest, number>;
  list: Call<null, BlobEntry[]>;
  listUnfinished: Call<null, BlobEntry[]>;
  blob: Call<Digest, Blob>;
  /** From here on this worker's browser has no `move()`. */
  loseMove: Call<null, void>;
  /** From here on every write takes one byte too few. */
  shorten: Call<null, void>;
}

let store: BlobStore = new OpfsStore();
const writers = new Map<Digest, BlobWriter>();
const writerOf = (digest: Digest) => writers.get(digest)!;

// The tests are checked against the page's types, where `self` is a window.
serve<StoreMethods>(self as unknown as Port, {
  async use(kind) {
    store = kind === 'opfs' ? new OpfsStore() : new IdbStore();
  },
  async open(digest) {
    writers.set(digest, await store.writer(digest));
  },
  write: ({ digest, bytes, offset }) => writerOf(digest).write(bytes, offset),
  flush: (digest) => writerOf(digest).flush(),
  async read({ digest, offset, length }) {
    const into = new Uint8Array(length);
    return into.slice(0, await writerOf(digest).read(into, offset));
  },
  close: (digest) => writerOf(digest).close(),
  commit: ({ key, digest }) => store.commit(key, digest),
  delete: (digest) => store.delete(digest),
  async nested(digest) {
    const script = 'onmessage = async ({ data }) => postMessage(await data.arrayBuffer());';
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(url);
    const answer = new Promise<ArrayBuffer>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data as ArrayBuffer);
    });
    worker.postMessage(await store.open(digest));
    return answer.finally(() => worker.terminate());
  },
  has: (digest) => store.has(digest),
  size: (digest) => store.size(digest),
  unfinishedSize: (digest) => store.unfinishedSize(digest),
  list: () => store.list(),
  listUnfinished: () => store.listUnfinished(),
  blob: (digest) => store.open(digest),
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
