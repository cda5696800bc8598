/** What of an earlier session can be believed, and the state of the whole digest to go on from. */
import type { Digest } from '#core/digest';
import type { KeptParts } from '#core/methods';
import type { BlobWriter } from '#store/blob-store';
import type { Layout, Piece } from './layout';
import { PartDigest } from './part-digest';
import type { WholeHash } from './whole-hash';

export interface Resumed {
  /** Each part's digest; null where it is missing. */
  parts: (Digest | null)[];
  /** How many parts, from the first, `whole` has, and its state. */
  hashed: number;
  state: Uint8Array<ArrayBuffer> | null;
}

/**
 * Parts whose known digest is another, or whose end is not in the file any more, count as missing. Without a state
 * that `whole` loads, the others are read back and compared.
 */
export async function resume(
  layout: Layout,
  kept: KeptParts | null,
  writer: BlobWriter,
  whole: WholeHash,
): Promise<Resumed> {
  const parts: (Digest | null)[] = [];
  for (const piece of layout.pieces) parts.push(await believe(piece, kept, writer));
  const gap = parts.indexOf(null);
  const frontier = gap === -1 ? parts.length : gap;
  const { hashed = 0, hashState = null } = kept ?? {};
  if (hashState && hashed <= frontier && (await whole.load(hashState))) {
    return { parts, hashed, state: hashState };
  }
  const hash = await PartDigest.create();
  for (const piece of layout.pieces) {
    const { index } = piece;
    if (parts[index] && (await hash.readBack(writer, piece)) !== parts[index]) parts[index] = null;
  }
  return { parts, hashed: 0, state: null };
}

async function believe(
  { index, offset, size, digest }: Piece,
  kept: KeptParts | null,
  writer: BlobWriter,
): Promise<Digest | null> {
  const known = kept?.parts[index] ?? null;
  if (!known || (digest && digest !== known)) return null;
  const last = new Uint8Array(1);
  // The file may have lost its end, or all of it, since the ledger was written.
  return size === 0 || (await writer.read(last, offset + size - 1)) === 1 ? known : null;
}
