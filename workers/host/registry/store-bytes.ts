/** Bytes that are on this device already, from a file on disk or a request's body, into the store. */
import type { Digest } from '#core/digest';
import { blobKey } from './blob-key';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';
import { Hold } from './hold';
import { requireSpace } from './space';
import type { Transfers } from './transfers';

export interface BytesProgress {
  /** Bytes. */
  completed: number;
  total: number;
}

/**
 * Hashes and stores `blob` in slices, and ends with its digest. What is cut off leaves nothing. Until a manifest names
 * it, the blob is kept for an hour.
 * @throws PaddockError `digest_mismatch` unless it has `digest`, where that is told; `storage_full`, `storage_failed`,
 * `aborted`
 */
export async function* storeBytes(
  context: RegistryContext,
  transfers: Transfers,
  blob: Blob,
  digest: Digest | null,
  signal: AbortSignal,
): AsyncGenerator<BytesProgress, Digest, void> {
  for (;;) {
    const joins = digest !== null && transfers.isRunning(digest);
    let found: Digest;
    try {
      found = yield* storeOnce(context, transfers, blob, digest, signal);
    } catch (error) {
      // The pull that it joined has failed, and the bytes are here all the same.
      if (joins && !signal.aborted) continue;
      throw error;
    }
    await context.cleaning.run(async () => context.uploads.add(found, context.now()));
    // A cleaning may have come before anybody knew what to hold.
    if (await context.store.has(found)) return found;
  }
}

async function* storeOnce(
  context: RegistryContext,
  transfers: Transfers,
  blob: Blob,
  digest: Digest | null,
  signal: AbortSignal,
): AsyncGenerator<BytesProgress, Digest, void> {
  const { size: total } = blob;
  const origin = { kind: 'bytes', blob } as const;
  const apart = digest !== null && (await isKept(context, transfers, digest));
  const key = await blobKey({ digest: apart ? null : digest, size: total }, origin);
  const hold = new Hold(context);
  await hold.add(key);
  const steps = transfers.fetch({ digest, size: total, key }, origin, signal);
  try {
    // Without the digest: what is there under it stays, whatever came here.
    const there = digest === key && (await context.store.has(digest));
    if (!there) await requireSpace(context, [{ digest: null, size: total, key }]);
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      yield { completed: step.value, total };
    }
  } finally {
    await steps.return(key); // stops it when nobody reads any more
    hold.release();
  }
}

/**
 * Whether something lies under the digest that stays until what comes in its place is known to be right: a damaged
 * blob, or the parts of a pull that is not running. A pull that runs is joined.
 */
async function isKept(
  context: RegistryContext,
  transfers: Transfers,
  digest: Digest,
): Promise<boolean> {
  if ((await damagedBlobs(context)).has(digest)) return true;
  return !transfers.isRunning(digest) && (await context.db.ledger(digest)) !== null;
}
