/** Hashes a stored blob again: disks lose bits, and a load takes them as they are. */
import { createSHA256 } from 'hash-wasm';
import type { CallContext } from '#core/callee';
import { PaddockError } from '#core/errors';
import type { BlobState, CheckMethods } from '#core/methods';
import type { BlobStore } from '#store/blob-store';

const READ_BYTES = 1024 * 1024;
const PROGRESS_MS = 60;

/** One slice in memory at a time. @throws PaddockError `aborted`, `storage_failed` */
export async function checkBlob(
  { digest, size }: CheckMethods['check']['params'],
  { send, signal }: CallContext<number>,
  store: BlobStore,
): Promise<BlobState> {
  const stored = await store.size(digest);
  if (stored === null) return 'missing';
  if (stored !== size) return 'damaged';
  const hash = await createSHA256();
  let told = performance.now();
  try {
    const blob = await store.open(digest);
    for (let at = 0; at < size; at += READ_BYTES) {
      if (signal.aborted) throw new PaddockError('aborted', 'The check was stopped.');
      hash.update(new Uint8Array(await blob.slice(at, at + READ_BYTES).arrayBuffer()));
      if (performance.now() - told < PROGRESS_MS) continue;
      told = performance.now();
      await send(Math.min(at + READ_BYTES, size));
    }
  } catch (error) {
    if (signal.aborted) throw error;
    // What cannot be read is as good as damaged, unless it was deleted meanwhile.
    return (await store.has(digest)) ? 'damaged' : 'missing';
  }
  return `sha256:${hash.digest('hex')}` === digest ? 'ok' : 'damaged';
}
