/** The built site in a browser without a file storage for sites: scripts of a page do not reach workers, files do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { fakeRegistry } from '../fixtures/fake-registry';

const WORKERS = '_app/immutable/workers';

/** As where there is none, and as in Safari's private windows. */
export const LOST = {
  missing: 'delete StorageManager.prototype.getDirectory;',
  refused:
    'StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException("", "UnknownError"));',
  denied: `StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException("", "SecurityError"));
    IDBFactory.prototype.open = () => { throw new DOMException("", "SecurityError"); };`,
};

/** The site's workers, each of which begins with `script`, and what else is laid over the build. */
export function workersWith(
  script: string,
  files: Map<string, Uint8Array> = fakeRegistry(),
  dir = 'build-test',
): Map<string, Uint8Array> {
  const overlay = new Map(files);
  for (const name of readdirSync(join(dir, WORKERS))) {
    if (!name.endsWith('.js')) continue;
    const text = readFileSync(join(dir, WORKERS, name), 'utf8');
    overlay.set(`${WORKERS}/${name}`, new TextEncoder().encode(`${script}\n${text}`));
  }
  return overlay;
}

/** The same for the pages. */
export async function pagesWith(context: BrowserContext, script: string): Promise<void> {
  await context.addInitScript(script);
}
