/** A file from disk into the store: hashed on its way, under the digest that is found. */
import { createSHA256 } from 'hash-wasm';
import { digestOf, type Digest } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import { SLICE, type BlobStore } from '#store/blob-store';
import { freeBytes, withSpace, type Estimate } from '#store/storage-error';

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
  const there = expected && (await store.size(expected));
  if (expected && there === total) return expected;
  if (expected && there !== null) await store.delete(expected); // of another size, so damaged
  await requireSpace(total, estimate);
  const key = expected ?? (await digestOf(crypto.getRandomValues(new Uint8Array(32))));
  const hash = await createSHA256();
  const writer = await store.writer(key);
  let completed = 0;
  let whole = false;
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
    whole = true;
  } catch (error) {
    throw await withSpace(toPaddockError(error, 'storage_failed'), total - completed, estimate);
  } finally {
    await writer.close();
    if (!whole) await store.delete(key);
  }
  const digest = `sha256:${hash.digest('hex')}` as Digest;
  if (expected && digest !== expected) {
    await store.delete(key);
    const detail = { expected, got: digest };
    throw new PaddockError('digest_mismatch', `Expected ${expected}, got ${digest}.`, detail);
  }
  if (key !== digest && (await store.has(digest))) await store.delete(key);
  else await store.commit(key, digest);
  return digest;
}

async function requireSpace(needed: number, estimate: Estimate): Promise<void> {
  const free = await freeBytes(estimate);
  if (free === null || needed <= free) return;
  const message = `The file needs ${needed} bytes and this site may store ${free} more.`;
  throw new PaddockError('storage_full', message, { needed, free });
}
