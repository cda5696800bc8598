/** The built site as a list of files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const IMMUTABLE = '_app/immutable/';
export const WORKERS = `${IMMUTABLE}workers/`;
export const LATE = `${IMMUTABLE}late/`;
export const FALLBACK = '404.html';

/** Bytes of what a worker loads later; what is above is fetched when the first model is here. */
const LARGEST_CHUNK = 20_000;

/** Files of the shell that have no hash in their name. */
export const LOOSE = new Set(['early.js', 'manifest.webmanifest']);

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
      return !file.startsWith(`${WORKERS}assets/`) && !isEngine(dir, file) && !isLate(file);
    }
    return LOOSE.has(file) || /^icons\/.*\.(svg|png)$/.test(file);
  });
}

/** Parts of the page that few need (`late-parts.ts`), cached when one is first used. */
export function lateFiles(files: string[]): string[] {
  return files.filter(isLate);
}

function isLate(file: string): boolean {
  return file.startsWith(LATE);
}

/** What the engines need, cached when the first model is here; a browser takes one of two builds of llama.cpp. */
export interface EngineFiles {
  /** Whichever build it takes. */
  always: string[];
  /** With JSPI and Memory64. */
  modern: string[];
  /** Without. */
  compat: string[];
  /** From the first MLC model on: web-llm, of 6.5 MB. */
  mlc: string[];
}

const COMPAT = 'node_modules/@wllama/wllama-compat/wasm';
const MODERN = 'node_modules/@wllama/wllama/esm/wasm';

/** The name of one of web-llm's errors, which no minifier changes. */
const WEB_LLM = 'EmbeddingChunkingUnsupportedError';

export function engineFiles(dir: string, files: string[]): EngineFiles {
  const ofCompat = hashes(COMPAT, ['wllama.js', 'wllama.wasm']);
  const ofModern = hashes(MODERN, ['wllama.wasm']);
  const engines: EngineFiles = { always: [], modern: [], compat: [], mlc: [] };
  for (const file of files) {
    if (file.startsWith(`${WORKERS}assets/`)) {
      const hash = sha256(readFileSync(join(dir, file)));
      const build = ofCompat.has(hash) ? 'compat' : ofModern.has(hash) ? 'modern' : 'always';
      engines[build].push(file);
    } else if (isEngine(dir, file)) {
      const isWebLlm = readFileSync(join(dir, file), 'utf8').includes(WEB_LLM);
      engines[isWebLlm ? 'mlc' : 'always'].push(file);
    }
  }
  return engines;
}

/** A worker's own script is the shell's, whatever its size; what it loads later, and is large, nobody needs without a model. */
function isEngine(dir: string, file: string): boolean {
  return file.startsWith(`${WORKERS}chunks/`) && statSync(join(dir, file)).size > LARGEST_CHUNK;
}

function hashes(dir: string, names: string[]): Set<string> {
  return new Set(names.map((name) => sha256(readFileSync(join(dir, name)))));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Changes with the path or the content of any of `files`. */
export function versionOf(dir: string, files: string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(dir, file)));
  return hash.digest('hex').slice(0, 16);
}
