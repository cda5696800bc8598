/** How a blob is cut in parts, which are fetched, kept and repaired one by one. */
import type { Digest } from '#core/digest';
import type { BlobOrigin } from '#core/methods';
import { SLICE } from '#store/blob-store';

export interface Piece {
  index: number;
  /** Bytes. */
  offset: number;
  size: number;
  /** Known beforehand; null where it is what arrives. */
  digest: Digest | null;
}

export class Layout {
  readonly pieces: readonly Piece[];
  /** Of all parts. */
  readonly size: number;
  /** Where every part begins on the store's grid, several can be written at once. */
  readonly onGrid: boolean;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
    this.size = pieces.reduce((sum, { size }) => sum + size, 0);
    this.onGrid = pieces.every(({ offset }) => offset % SLICE === 0);
  }

  /** The published parts as they are, everything else in `partSize` bytes with the digests that are `known`. */
  static of(origin: BlobOrigin, size: number, partSize: number, known: Digest[] = []): Layout {
    const pieces: Piece[] = [];
    let offset = 0;
    const add = (bytes: number, digest: Digest | null) => {
      pieces.push({ index: pieces.length, offset, size: bytes, digest });
      offset += bytes;
    };
    if (origin.kind === 'parts') {
      for (const part of origin.parts) add(part.size, part.digest);
    } else {
      while (offset < size) add(Math.min(partSize, size - offset), known[pieces.length] ?? null);
    }
    return new Layout(pieces);
  }
}
