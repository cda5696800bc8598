/** Copies the parts of a damaged blob that still agree with their digests; the others are fetched. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { SLICE, type BlobWriter } from '#store/blob-store';
import type { Layout } from './layout';
import { PartWriter } from './part-writer';

/** Fills `parts`. @throws PaddockError `storage_full`, `storage_failed`, `aborted` */
export async function takeOver(
  blob: Blob,
  layout: Layout,
  parts: (Digest | null)[],
  writer: BlobWriter,
  signal: AbortSignal,
): Promise<void> {
  const part = new PartWriter(writer, layout.size);
  for (const piece of layout.pieces) {
    const { index, offset, size, digest } = piece;
    if (!digest || parts[index] || offset + size > blob.size) continue;
    await part.begin(piece);
    for (let at = offset; at < offset + size; at += SLICE) {
      if (signal.aborted) throw new PaddockError('aborted', 'The repair was stopped.');
      const end = Math.min(at + SLICE, offset + size);
      await part.add(new Uint8Array(await blob.slice(at, end).arrayBuffer()));
    }
    if ((await part.end()) === digest) parts[index] = digest;
  }
  await writer.flush();
}
