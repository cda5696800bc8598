/** The GGUF header of blobs, read in slices. */
import { readGgufHeader, type GgufHeader, type GgufOptions } from '#core/gguf';
import type { ReadAt } from '#core/gguf/cursor';
import { readPartHeaders, type JoinedParts } from '#core/gguf/split';

/** @throws PaddockError `model_unreadable`, naming the fault */
export function readBlobHeader(blob: Blob, options?: GgufOptions): Promise<GgufHeader> {
  return readGgufHeader(readerOf(blob), blob.size, options);
}

/** Of a model's weights, one file or several in any order. @throws PaddockError as `readPartHeaders` */
export function readWeightsHeader(
  blobs: readonly Blob[],
  options: GgufOptions = {},
): Promise<JoinedParts> {
  const files = blobs.map((blob) => ({ read: readerOf(blob), size: blob.size }));
  return readPartHeaders(files, options);
}

function readerOf(blob: Blob): ReadAt {
  return async (offset, length) =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
}
