/** Fills this build's cache, and removes those of builds that no open page can still need. */
import { address, cacheName, isPage, ownCaches, shell } from './shell';

async function keep(cache: Cache, path: string, page: boolean): Promise<void> {
  // Past the HTTP cache: it may hold a file of the previous build under the same name.
  const response = await fetch(address(path), { cache: 'reload' });
  // Some hosts answer what they lack with 200 and a page: that must not become a script.
  if (!response.ok || isPage(response) !== page) {
    throw new Error(`${path || 'the first page'}: not as published (${response.status})`);
  }
  await cache.put(address(path), response);
}

/** Caches the whole shell or, when any file fails, nothing. */
export async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  try {
    await Promise.all([
      ...shell.pages.map((path) => keep(cache, path, true)),
      ...shell.files.map((path) => keep(cache, path, false)),
    ]);
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

/** Lies in the cache of a build that was active; no file of a build is there. */
const ACTIVE = address('_active');

/**
 * Keeps this build's cache and that of the build active before: its pages, open until they have reloaded, may yet
 * import their chunks. A build between the two that only waited has no pages.
 */
export async function removeOldCaches(): Promise<void> {
  const others = (await ownCaches()).filter((name) => name !== cacheName);
  const marks = await Promise.all(
    others.map(async (name) => (await caches.open(name)).match(ACTIVE)),
  );
  const before = others.filter((_, index) => marks[index]).at(-1) ?? others.at(-1);
  await Promise.all(others.filter((name) => name !== before).map((name) => caches.delete(name)));
  await (await caches.open(cacheName)).put(ACTIVE, new Response());
}
