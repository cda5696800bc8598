/** Layers that are read whole: templates, parameters, licences, the config. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { BlobStore } from '#store/blob-store';

/** Bytes; a licence has some 11,000. */
const MAX_TEXT = 1024 * 1024;

/** @throws PaddockError `bad_manifest` above 1 MiB, `model_unreadable` when the blob is missing */
export async function readText(store: BlobStore, digest: Digest): Promise<string> {
  const blob = await store.open(digest);
  if (blob.size > MAX_TEXT) {
    throw new PaddockError(
      'bad_manifest',
      `A text layer has ${blob.size} bytes; 1 MiB is the limit.`,
    );
  }
  return blob.text();
}
