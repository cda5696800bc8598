/** The built site as a list of files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const IMMUTABLE = '_app/immutable/';
export const WORKERS = `${IMMUTABLE}workers/`;
export const FALLBACK = '404.html';

/** Bytes; an engine's script is above it, every chunk of the page below. */
const LARGEST_CHUNK = 200_000;

/** Every file under `dir`, as a path with `/` relative to it, in a fixed order. */
export function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Folders with a page, relative to the site: `''`, `'models/'`. */
export function pagesOf(files: string[]): string[] {
  return files
    .filter((file) => file === 'index.html' || file.endsWith('/index.html'))
    .map((file) => file.replace(/index\.html$/, ''));
}

/** What the shell needs beside its pages; engines and models come when they are used. */
export function shellFiles(dir: string, files: string[]): string[] {
  return files.filter((file) => {
    if (/\.(js|css)$/.test(file) && file.startsWith(IMMUTABLE)) {
      // Beside the workers lies what an engine brings along.
      const engine = file.startsWith(`${WORKERS}assets/`);
      return !engine && statSync(join(dir, file)).size <= LARGEST_CHUNK;
    }
    return file === 'manifest.webmanifest' || /^icons\/.*\.(svg|png)$/.test(file);
  });
}

/** Changes with the path or the content of any of `files`. */
export function versionOf(dir: string, files: string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(dir, file)));
  return hash.digest('hex').slice(0, 16);
}
