/** What a site's storage has, read by a page of it; and what its API says of that. */
import type { Page } from 'playwright';

export interface Listed {
  name: string;
  /** 64 hex digits, of the manifest. */
  digest: string;
  size: number;
}

export interface StoredFile {
  /** `sha256-<hex>`, or `tmp-sha256-<hex>` of an unfinished one. */
  name: string;
  size: number;
}

/** The files of models, finished and not. */
export function filesOf(page: Page): Promise<StoredFile[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const blobs = await root.getDirectoryHandle('blobs', { create: true });
    const files: { name: string; size: number }[] = [];
    for await (const [name, handle] of blobs.entries()) {
      files.push({ name, size: (await (handle as FileSystemFileHandle).getFile()).size });
    }
    return files;
  });
}

/** The records of each store of `paddock-models`, by the store's name. */
export function recordsOf(page: Page): Promise<Record<string, number>> {
  // No function in it has a name: tsx would wrap it in a helper that the page lacks.
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('paddock-models');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
    const counts: Record<string, number> = {};
    for (const name of db.objectStoreNames) {
      counts[name] = await new Promise<number>((resolve, reject) => {
        const request = db.transaction(name).objectStore(name).count();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    }
    db.close();
    return counts;
  });
}

/** Opens Paddock; resolves when its API answers. */
export async function openApp(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** A page of the site that starts no host: what is seen from it, no start has touched. */
export async function openBare(page: Page, url: string): Promise<void> {
  await page.goto(`${url}license.txt`);
}

export async function listed(page: Page): Promise<Listed[]> {
  const { models } = await ask<{ models: Listed[] }>(page, 'GET', '/api/tags');
  return models;
}

/** Resolves when the listed model `name` has another manifest than `before`. */
export async function replaced(page: Page, name: string, before: string): Promise<Listed> {
  return page.evaluate(
    async ({ name, before }) => {
      for (;;) {
        const response = await fetch('/api/tags');
        const { models } = (await response.json()) as { models: Listed[] };
        const found = models.find((one) => one.name === name);
        if (found && found.digest !== before) return found;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    { name, before },
  );
}

/** The JSON that the API answers. @throws Error of any status but 200 */
export function ask<T>(page: Page, method: string, path: string, body?: object): Promise<T> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const response = await fetch(path, { method, body: body && JSON.stringify(body) });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === '' ? null : JSON.parse(text)) as T;
    },
    { method, path, body },
  );
}

/** The digests of the blobs of `model`, each hashed again. @throws Error for one that is not what its name says */
export async function wholeBlobs(page: Page, model: string): Promise<string[]> {
  const hexes = await page.evaluate(async (name) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('paddock-models');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
    const texts = await new Promise<{ key: string; text: string }[]>((resolve, reject) => {
      const request = db.transaction('manifests').objectStore('manifests').getAll();
      request.onsuccess = () => resolve(request.result as { key: string; text: string }[]);
      request.onerror = () => reject(request.error!);
    });
    db.close();
    const { text } = texts.find(({ key }) => key.endsWith(`/${name}`))!;
    return [...text.matchAll(/sha256:([0-9a-f]{64})/g)].map((match) => match[1]!);
  }, model);
  for (const hex of hexes) {
    const found = await page.evaluate(async (hex) => {
      const blobs = await (await navigator.storage.getDirectory()).getDirectoryHandle('blobs');
      const file = await (await blobs.getFileHandle(`sha256-${hex}`)).getFile();
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
      return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    }, hex);
    if (found !== hex) throw new Error(`${model}: sha256-${hex} holds ${found}`);
  }
  return hexes;
}
