/** Hashes stored blobs again, and marks those that are damaged. */
import { digestHex, type Digest } from '#core/digest';
import { blobsOf, type Layer } from '#core/manifest';
import type { BlobState } from '#core/methods';
import { displayName } from '#core/names';
import type { CheckLine } from '#core/paddock-api';
import { totalSize } from '#core/total-size';
import type { RegistryContext } from './context';
import type { StoredManifest } from './records';

/**
 * Checks each blob of `models` once; the last line tells which models are not whole. What was checked when it is
 * stopped stays known. @throws PaddockError `aborted`, `storage_failed`
 */
export async function* check(
  context: RegistryContext,
  models: StoredManifest[],
  signal: AbortSignal,
): AsyncGenerator<CheckLine, void, void> {
  const blobs = uniqueBlobs(models);
  const total = totalSize(blobs);
  const states = new Map<Digest, BlobState>();
  let before = 0;
  yield { status: 'checking', completed: 0, total };
  const { db, store } = context;
  const there = new Map((await store.list()).map((entry) => [entry.digest, entry.modifiedAt]));
  const marked = await db.damaged();
  const checker = context.startChecker();
  try {
    for (const { digest, size } of blobs) {
      const status = `checking ${digestHex(digest).slice(0, 12)}`;
      const call = checker.caller.call('check', { digest, size }, { signal });
      for await (const done of call) yield { status, completed: before + done, total };
      const state = await call.result;
      states.set(digest, state);
      const modifiedAt = there.get(digest);
      if (state === 'damaged' && modifiedAt !== undefined) {
        await db.putDamaged({ digest, modifiedAt });
      } else if (marked.has(digest)) await db.deleteDamaged(digest);
      yield { status, completed: (before += size), total };
    }
  } finally {
    checker.terminate();
  }
  yield { status: 'success', completed: total, total, damaged: damagedModels(models, states) };
}

function uniqueBlobs(models: StoredManifest[]): Layer[] {
  const all = models.flatMap(({ manifest }) => blobsOf(manifest));
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()];
}

function damagedModels(
  models: StoredManifest[],
  states: Map<Digest, BlobState>,
): NonNullable<CheckLine['damaged']> {
  return models.flatMap(({ name, manifest }) => {
    const blobs = blobsOf(manifest).flatMap(({ digest }) => {
      const state = states.get(digest);
      return state === 'damaged' || state === 'missing' ? [{ digest, state }] : [];
    });
    return blobs.length > 0 ? [{ model: displayName(name), blobs }] : [];
  });
}
