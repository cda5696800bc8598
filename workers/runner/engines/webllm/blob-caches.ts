/**
 * web-llm asks the browser's Cache for every file and downloads what is missing: here it finds the store's blobs, so
 * that nothing is stored twice and nothing is fetched.
 */
import { PaddockError } from '#core/errors';

/** Never asked: only the names behind it count. */
export const MODEL_ADDRESS = 'https://models.invalid/model/resolve/main/';

type CacheLike = Pick<Cache, 'match' | 'add' | 'keys' | 'delete'>;

export interface BlobCachesOptions {
  files: ReadonlyMap<string, Blob>;
  /** Called with a file's name before its bytes are given; what it throws ends the load. */
  onRead(name: string): void;
}

/** `globalThis.caches` and `fetch` are these until the function that it gives back is called. */
export function installBlobCaches({ files, onRead }: BlobCachesOptions): () => void {
  const cache: CacheLike = {
    async match(request) {
      const name = nameOf(request);
      const blob = files.get(name);
      if (!blob) return undefined;
      onRead(name);
      return new Response(blob);
    },
    async add(request) {
      throw missing(nameOf(request));
    },
    async keys() {
      return [...files.keys()].map((name) => new Request(MODEL_ADDRESS + name));
    },
    async delete() {
      return false;
    },
  };
  const restore = [
    replace('caches', { open: async () => cache }),
    replace('fetch', async (request: RequestInfo | URL) => {
      throw missing(nameOf(request));
    }),
  ];
  return () => restore.forEach((undo) => undo());
}

function nameOf(request: RequestInfo | URL): string {
  const url = request instanceof Request ? request.url : String(request);
  return url.startsWith(MODEL_ADDRESS) ? url.slice(MODEL_ADDRESS.length) : url;
}

function missing(file: string): PaddockError {
  const message = `This model cannot be loaded: its file "${file}" is missing.`;
  return new PaddockError('model_unreadable', message, { file });
}

function replace(name: 'caches' | 'fetch', value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(globalThis, name, own);
    else Reflect.deleteProperty(globalThis, name);
  };
}
