/** What this build consists of; the post-build step writes it into the built service worker. */
export interface Shell {
  /** Changes with any file of the shell. */
  version: string;
  /** Folders with a page, relative to the scope: `''`, `'models/'`. */
  pages: string[];
  /** Other files that are cached at installation, relative to the scope. */
  files: string[];
  /** Cached when the first model is here: for every browser, and for those with or without JSPI and Memory64. */
  engines: { always: string[]; modern: string[]; compat: string[]; mlc: string[] };
  /** Cached one by one, when first used: `…/late/openai.4f2a.js`. */
  late: string[];
  /** Of every answer; of pages and of workers' scripts, beside those. */
  headers: Record<'all' | 'page' | 'worker', Record<string, string>>;
}

// A call, so that no minifier computes with the placeholder.
export const shell = JSON.parse('__PADDOCK_SHELL__') as Shell;

export const WORKERS = '_app/immutable/workers/';
export const IMMUTABLE = '_app/immutable/';

const scope = (self as unknown as ServiceWorkerGlobalScope).registration.scope;

/** Sites under other paths share the origin and its caches: the path tells whose a cache is. */
const ours = `paddock-shell ${new URL(scope).pathname} `;

/** The name of this build's cache. */
export const cacheName = ours + shell.version;

/** The site's own caches, oldest first. */
export async function ownCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(ours));
}

/** A page stands for a missing file on hosts that answer everything with 200. */
export function isPage(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
}

/** The absolute address of a path that is relative to the scope. */
export function address(path: string): string {
  return new URL(path, scope).href;
}

/** The path relative to the scope, without search and fragment; null outside of it. */
export function pathOf(url: string): string | null {
  const { origin, pathname } = new URL(url);
  const whole = origin + pathname;
  return whole.startsWith(scope) ? whole.slice(scope.length) : null;
}
