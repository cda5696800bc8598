/** Which requests the service worker answers, and with what. */
import { withHeaders } from './headers';
import { address, cacheName, IMMUTABLE, isPage, ownCaches, pathOf, shell } from './shell';

const pages = new Set(shell.pages);
const files = new Set(shell.files);

/** The answer to `request`; null leaves it to the browser. */
export function answer(request: Request): (() => Promise<Response>) | null {
  if (request.method !== 'GET' || request.headers.has('Range')) return null;
  const path = pathOf(request.url);
  if (path === null) return null;
  if (request.mode === 'navigate') return navigation(path, request);
  if (files.has(path)) return () => fromShell(path, request);
  if (path.startsWith(IMMUTABLE)) return () => fromUse(path, request);
  return null;
}

function navigation(path: string, request: Request): (() => Promise<Response>) | null {
  const page = path.replace(/index\.html$/, '');
  if (pages.has(page)) return () => fromShell(page, request);
  // Without its slash the page's relative addresses would lead elsewhere.
  if (!pages.has(`${page}/`)) return null;
  const target = address(`${page}/`) + new URL(request.url).search;
  return () => Promise.resolve(Response.redirect(target, 301));
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const response = await cache.match(address(path));
  return withHeaders(path, response ?? (await network(request)));
}

/** Engines and other large files: cached when first used, so that what has been used works offline. */
async function fromUse(path: string, request: Request): Promise<Response> {
  const key = address(path);
  for (const name of (await ownCaches()).reverse()) {
    const cached = await (await caches.open(name)).match(key);
    if (cached) return withHeaders(path, cached);
  }
  const response = await network(request);
  if (response.ok && !isPage(response)) {
    const copy = response.clone();
    const cache = await caches.open(cacheName);
    // Without room the file is fetched again next time; the answer does not wait for the copy.
    cache
      .put(key, copy)
      .catch((error: unknown) => console.warn('Not kept for offline use:', error));
  }
  return withHeaders(path, response);
}

/** A failed fetch becomes the network error that the page would have seen without us. */
async function network(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return Response.error();
  }
}
