/** The GGUF header of a blob, read in slices. */
import { readGgufHeader, type GgufHeader, type GgufOptions } from '#core/gguf';

/** @throws PaddockError `model_unreadable`, naming the fault */
export function readBlobHeader(blob: Blob, options?: GgufOptions): Promise<GgufHeader> {
  const read = async (offset: number, length: number) =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  return readGgufHeader(read, blob.size, options);
}
