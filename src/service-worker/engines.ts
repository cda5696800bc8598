/** What engines consist of: too large for the first visit, needed offline once a model is here. */
import { address, cacheName, isPage, ownCaches, shell } from './shell';

/** llama.cpp's default build needs both; wllama looks in the same way. */
function isModern(): boolean {
  try {
    new WebAssembly.Memory({
      address: 'i64',
      initial: 1n,
    } as unknown as WebAssembly.MemoryDescriptor);
    return 'Suspending' in WebAssembly;
  } catch {
    return false;
  }
}

/** Sees to it that this build's cache holds the engines; a file that cannot be had now is asked for again. */
export async function keepEngines(withMlc: boolean): Promise<void> {
  const { always, modern, compat, mlc } = shell.engines;
  const cache = await caches.open(cacheName);
  const previous = (await ownCaches()).filter((name) => name !== cacheName);
  const gguf = isModern() ? modern : compat;
  for (const path of [...always, ...gguf, ...(withMlc ? mlc : [])]) {
    const key = address(path);
    if (await cache.match(key)) continue;
    try {
      await cache.put(key, (await fromPrevious(previous, key)) ?? (await fetchFile(key)));
    } catch (error) {
      console.warn('Not kept for offline use:', path, error);
    }
  }
}

/** Engines change seldom, and their names tell: the last build's copy saves a download. */
async function fromPrevious(names: string[], key: string): Promise<Response | undefined> {
  for (const name of names) {
    const response = await (await caches.open(name)).match(key);
    if (response) return response;
  }
  return undefined;
}

async function fetchFile(key: string): Promise<Response> {
  const response = await fetch(key);
  if (!response.ok || isPage(response)) throw new Error(`not as published (${response.status})`);
  return response;
}
