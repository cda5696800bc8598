/** Keeps files beside the shell: what not every visitor needs, and who needs it needs it offline. */
import { address, cacheName, isPage, ownCaches } from './shell';

/** Sees to it that this build's cache holds `paths`; a file that cannot be had now is asked for again. */
export async function keepFiles(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  const previous = (await ownCaches()).filter((name) => name !== cacheName);
  for (const path of paths) {
    const key = address(path);
    if (await cache.match(key)) continue;
    try {
      await cache.put(key, (await fromPrevious(previous, key)) ?? (await fetchFile(key)));
    } catch (error) {
      console.warn('Not kept for offline use:', path, error);
    }
  }
}

/** These files change seldom, and their names tell: the last build's copy saves a download. */
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
