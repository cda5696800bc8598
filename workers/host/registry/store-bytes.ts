/** A file from disk into the store: hashed on its way, under the digest that is found. */
import { createSHA256 } from 'hash-wasm';
import { digestOf, type Digest } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import { SLICE, type BlobStore } from '#store/blob-store';
import { withSpace, type Estimate } from '#store/storage-error';

export interface Stored {
  completed: number;
  total: number;
}

/** @throws PaddockError `digest_mismatch`, `storage_full`, `storage_failed`, `aborted`: nothing of it stays then */
export async function* storeBytes(
  { store, estimate }: { store: BlobStore; estimate: Estimate },
  blob: Blob,
  expected: Digest | null,
  signal: AbortSignal,
): AsyncGenerator<Stored, Digest, void> {
  const total = blob.size;
  const key = expected ?? (await digestOf(crypto.getRandomValues(new Uint8Array(32))));
  const hash = await createSHA256();
  const writer = await store.writer(key);
  let completed = 0;
  try {
    for (; completed < total; completed = Math.min(total, completed + SLICE)) {
      if (signal.aborted) throw new PaddockError('aborted', 'The import was stopped.');
      const slice = await blob.slice(completed, completed + SLICE).arrayBuffer();
      const bytes = new Uint8Array(slice);
      await writer.write(bytes, completed);
      hash.update(bytes);
      yield { completed, total };
    }
    await writer.flush();
  } catch (error) {
    await writer.close();
    await store.delete(key);
    throw await withSpace(toPaddockError(error, 'storage_failed'), total - completed, estimate);
  }
  await writer.close();
  const digest = `sha256:${hash.digest('hex')}` as Digest;
  if (expected && digest !== expected) {
    await store.delete(key);
    const detail = { expected, got: digest };
    throw new PaddockError('digest_mismatch', `Expected ${expected}, got ${digest}.`, detail);
  }
  if (await store.has(digest)) await store.delete(key);
  else await store.commit(key, digest);
  return digest;
}
