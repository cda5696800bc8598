/** A library: the compiled code of an MLC model, which a stranger wrote and this device runs. */
import { parseDigest } from '#core/digest';
import type { ModelConfig } from '#core/manifest';
import { isLoopback } from '#core/pull-target';

/** What it is called among a model's files. */
export const LIBRARY_NAME = 'library.wasm';

/** Bytes: the largest of web-llm's list has some 8 MB. */
export const MAX_LIBRARY = 256 * 1024 * 1024;

/** Bytes that tell a WebAssembly module: `\0asm`, and version 1. */
export const WASM_HEAD = 8;
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** @param head the file's first bytes */
export function isWasm(head: Uint8Array): boolean {
  return MAGIC.every((byte, at) => head[at] === byte);
}

/** `v0_2_86/base`, for which version of web-llm's interface it was built; undefined where the address does not say. */
export function versionIn(url: string): string | undefined {
  return /\/(v\d+_\d+_\d+\/\w+)\//.exec(new URL(url).pathname)?.[1];
}

/** What a model's configuration keeps of its library; `url` is undefined for one that has no address. */
export function libraryFrom(url: string | undefined): NonNullable<ModelConfig['library']> {
  const version = url === undefined ? undefined : versionIn(url);
  return { ...(url !== undefined && { url }), ...(version !== undefined && { version }) };
}

/**
 * What `text` asks for: an HTTPS address (HTTP for this computer), or the digest of a stored file; null for all else.
 */
export function parseLibrary(text: string): string | null {
  const digest = parseDigest(text);
  if (digest) return digest;
  if (/[^!-~]|\\/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host));
  if (!safe || url.username || url.password) return null;
  url.hash = '';
  return url.href;
}

/**
 * By what the library of an address is known: the address without fragment and query. Signed links have another query
 * each time, so whoever changes the bytes would never be asked about them; where a query tells versions apart, the
 * price is a question. @param url of http or https
 */
export function libraryKey(url: string): string {
  const key = new URL(url);
  key.hash = key.search = '';
  return key.href;
}
