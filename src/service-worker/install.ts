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

/** In the cache of a build that was activated: when, in milliseconds since the epoch. No file of a build is there. */
const ACTIVATED = address('_activated');

async function activatedAt(name: string): Promise<number> {
  const mark = await (await caches.open(name)).match(ACTIVATED);
  return mark ? Number(await mark.text()) : 0;
}

/**
 * Keeps this build's cache and that of the build active before: its pages, open until they have reloaded, may yet
 * import their chunks. A build that only waited has no pages; one that came after this is being installed.
 */
export async function removeOldCaches(): Promise<void> {
  const names = await ownCaches();
  const earlier = names.slice(0, names.indexOf(cacheName));
  const others = names.filter((name) => name !== cacheName);
  const times = new Map<string, number>();
  for (const name of others) times.set(name, await activatedAt(name));
  const before = Math.max(0, ...times.values());
  const gone = others.filter((name) => {
    const at = times.get(name)!;
    return at === 0 ? earlier.includes(name) : at < before;
  });
  await Promise.all(gone.map((name) => caches.delete(name)));
  await (await caches.open(cacheName)).put(ACTIVATED, new Response(String(Date.now())));
}
