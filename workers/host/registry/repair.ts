/** Fetches what is damaged or missing of a model again, from where it came. */
import { digestHex } from '#core/digest';
import { blobsOf, type Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { repairKey } from './blob-key';
import { check } from './check';
import type { RegistryContext } from './context';
import { Hold } from './hold';
import { libraryOf } from './mlc/library';
import { planOf, targetOf } from './provenance';
import { pull, type PullStatus } from './pull';
import type { StoredManifest } from './records';
import type { PullPlan } from './source';
import type { Transfers } from './transfers';

/**
 * Yields a pull's statuses, after those of a check of this model; the manifest stays as it is, whatever the registry
 * publishes by now. A blob that is not published there any more fails, and those that came before it stay.
 * @throws PaddockError as `pull`
 */
export async function* repair(
  context: RegistryContext,
  transfers: Transfers,
  record: StoredManifest,
  signal: AbortSignal,
): AsyncGenerator<PullStatus, void, void> {
  const { db, source } = context;
  const blobs = blobsOf(record.manifest);
  const digests = blobs.map(({ digest }) => digest);
  const hold = new Hold(context);
  try {
    await hold.add(...digests, ...(await Promise.all(digests.map(repairKey))));
    const bad = new Map<string, 'damaged' | 'missing'>();
    let anew = false;
    for await (const line of check(context, [record], signal)) {
      for (const blob of line.damaged?.[0]?.blobs ?? []) bad.set(blob.digest, blob.state);
      const { completed, total } = line;
      if (line.status !== 'success') yield { status: 'checking', completed, total };
    }
    if (bad.size > 0) {
      yield { status: 'pulling manifest' };
      const library = libraryOf(record);
      const target = { ...targetOf(record), force: true as const };
      const plan = await planOf(source, target, library, signal);
      for (const blob of blobs.filter(({ digest }) => bad.has(digest))) {
        const origin = await originOf(plan, blob, signal);
        if (!origin) {
          anew = true; // by a pull: the check has marked what is to be replaced
          continue;
        }
        const { digest, size: total } = blob;
        const status = `pulling ${digestHex(digest).slice(0, 12)}`;
        const way = bad.get(digest) === 'damaged' ? 'repair' : 'fetch';
        let last = -1;
        for await (const completed of transfers[way](blob, origin, signal)) {
          yield { status, digest, total, completed: (last = completed) };
        }
        await db.deleteDamaged(digest);
        if (last !== total) yield { status, digest, total, completed: total };
      }
      if (anew) {
        yield* pull(context, transfers, { ...target, library }, signal);
        for (const { digest } of blobs) await db.deleteDamaged(digest);
        return;
      }
    }
  } finally {
    hold.release();
  }
  yield { status: 'success' };
}

/** Null for a file that was made here of what the others say: a new pull makes it again. */
async function originOf(
  plan: PullPlan,
  blob: Layer,
  signal: AbortSignal,
): Promise<BlobOrigin | null> {
  if (plan.kind === 'manifest') return plan.origin(blob, signal);
  return plan.files.find(({ digest }) => digest === blob.digest)?.origin ?? null;
}
