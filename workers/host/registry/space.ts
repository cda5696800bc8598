/** Room for what is missing: a pull that cannot end should not fill the disk first. */
import { PaddockError } from '#core/errors';
import { freeBytes } from '#store/storage-error';
import type { WantedBlob } from './blob-key';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';

/**
 * Asks before the first byte, over all blobs that are not there; one of another size, or that a check found damaged,
 * goes.
 * @throws PaddockError `storage_full` (detail: needed, free)
 */
export async function requireSpace(context: RegistryContext, blobs: WantedBlob[]): Promise<void> {
  const { db, estimate, store } = context;
  const damaged = await damagedBlobs(context);
  let needed = 0;
  for (const { digest, size, key = digest } of blobs) {
    const there = digest && (await store.size(digest));
    const marked = digest !== null && damaged.has(digest);
    if (there === size && !marked) continue;
    if (digest && there !== null) await store.delete(digest);
    if (marked) await db.deleteDamaged(digest);
    needed += Math.max(0, size - (key ? await store.unfinishedSize(key) : 0));
  }
  const free = await freeBytes(estimate);
  if (free === null || needed <= free) return;
  const message = `The model needs ${needed} bytes and this site may store ${free} more.`;
  throw new PaddockError('storage_full', message, { needed, free });
}
