/** Under which name an unfinished blob, and its ledger, are kept. */
import { digestOf, type Digest } from '#core/digest';
import type { BlobOrigin } from '#core/methods';

/** A blob that a model needs; its digest is null where nobody publishes it. */
export interface WantedBlob {
  digest: Digest | null;
  /** Bytes. */
  size: number;
  /** Its `blobKey`, where that is known already. */
  key?: Digest;
}

/**
 * The digest where it is known. Else one of the address and the size, so that a later session finds what this one
 * fetched; of bytes from disk, which are there at once or not at all, a new one each time.
 */
export async function blobKey(
  { digest, size, key }: WantedBlob,
  origin: BlobOrigin,
): Promise<Digest> {
  if (key ?? digest) return (key ?? digest)!;
  const text = `${size} ${addressOf(origin)}`;
  return digestOf(new TextEncoder().encode(text));
}

/** Of the blob that is made beside a damaged one, to take its place. */
export function repairKey(digest: Digest): Promise<Digest> {
  return digestOf(new TextEncoder().encode(`repair ${digest}`));
}

function addressOf(origin: BlobOrigin): string {
  if (origin.kind === 'file') return origin.url;
  if (origin.kind === 'parts') return origin.parts.map(({ url }) => url).join(' ');
  return crypto.randomUUID();
}
