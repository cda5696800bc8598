/** Bytes that are on this device already, from a file on disk or a request's body, into the store. */
import type { Digest } from '#core/digest';
import { blobKey } from './blob-key';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';
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
  const { cleaning, pins } = context;
  const { size: total } = blob;
  const origin = { kind: 'bytes', blob } as const;
  const key = await blobKey({ digest, size: total }, origin);
  await cleaning.run(async () => pins.add([key]));
  const steps = transfers.fetch({ digest, size: total, key }, origin, signal);
  try {
    const marked = async (one: Digest) => (await damagedBlobs(context)).has(one);
    const whole = digest !== null && (await context.store.has(digest)) && !(await marked(digest));
    if (!whole) await requireSpace(context, [{ digest, size: total, key }]);
    for (;;) {
      const step = await steps.next();
      if (!step.done) yield { completed: step.value, total };
      // What lay there stays where its digest was not known before: damaged bytes make room now.
      else if (digest === null && (await marked(step.value))) {
        return yield* storeBytes(context, transfers, blob, step.value, signal);
      } else return step.value;
    }
  } finally {
    await steps.return(key); // stops it when nobody reads any more
    pins.remove([key]);
  }
}
