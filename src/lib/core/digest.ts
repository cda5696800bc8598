/**
 * A content digest, `sha256:<64 hex>`. The brand's only constructor is the check, and the blob store
 * makes file names from nothing else (CVE-2024-37032 came from a path that skipped it).
 */
export type Digest = string & { readonly __brand: 'Digest' };

const PATTERN = /^sha256[:-]([0-9a-fA-F]{64})$/;

/** `sha256:` or `sha256-` and 64 hex digits, in any case; null for anything else. */
export function parseDigest(text: unknown): Digest | null {
  const match = typeof text === 'string' ? PATTERN.exec(text) : null;
  return match ? (`sha256:${match[1]!.toLowerCase()}` as Digest) : null;
}

/** The 64 hex digits. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** The name of a blob's file: `sha256-<64 hex>`. */
export function blobFileName(digest: Digest): string {
  return `sha256-${digestHex(digest)}`;
}

/** The digest of bytes that are in memory already (a manifest, a small layer). */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Digest> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}` as Digest;
}
