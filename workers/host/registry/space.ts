/** Room for what is missing: a pull that cannot end should not fill the disk first. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf } from '#core/manifest';
import { freeBytes } from '#store/storage-error';
import type { WantedBlob } from './blob-key';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';

/**
 * Asks before the first byte, over all blobs that are not there; one of another size, or that a check found damaged,
 * goes, unless an installed model has it in that size: then the source is wrong.
 * @throws PaddockError `storage_full` (detail: needed, free), `bad_manifest`
 */
export async function requireSpace(context: RegistryContext, blobs: WantedBlob[]): Promise<void> {
  const { db, estimate, store } = context;
  const damaged = await damagedBlobs(context);
  let needed = 0;
  for (const { digest, size, key = digest } of blobs) {
    const there = digest && (await store.size(digest));
    const marked = digest !== null && damaged.has(digest);
    if (there === size && !marked) continue;
    if (digest && there !== null) {
      if (!marked) await requireStray(context, { digest, size }, there);
      await store.delete(digest);
    }
    if (marked) await db.deleteDamaged(digest);
    needed += Math.max(0, size - (key ? await store.unfinishedSize(key) : 0));
  }
  const free = await freeBytes(estimate);
  if (free === null || needed <= free) return;
  const message = `The model needs ${needed} bytes and this site may store ${free} more.`;
  throw new PaddockError('storage_full', message, { needed, free });
}

/** A source that lies about a size must not cost another model its weights. @throws PaddockError `bad_manifest` */
async function requireStray(
  { db }: RegistryContext,
  { digest, size }: { digest: Digest; size: number },
  there: number,
): Promise<void> {
  const { good } = await db.manifests();
  const named = good.flatMap(({ manifest }) => blobsOf(manifest));
  if (!named.some((blob) => blob.digest === digest && blob.size === there)) return;
  const message = `The source says that ${digest} has ${size} bytes; an installed model has it, with ${there}.`;
  throw new PaddockError('bad_manifest', message);
}
