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
  const { size: total } = blob;
  const origin = { kind: 'bytes', blob } as const;
  const damaged = digest !== null && (await damagedBlobs(context)).has(digest);
  // A damaged blob stays until what comes in its place is known to be right.
  const key = await blobKey({ digest: damaged ? null : digest, size: total }, origin);
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
