/** Removes what nothing needs. Ollama's rules: an hour's grace at start, none at all while a manifest is corrupt. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf } from '#core/manifest';
import type { RegistryContext } from './context';
import type { StoredManifest } from './records';
import { GRACE_MS } from './uploads';

/** At start: unfinished blobs without a ledger, ledgers without one, and old blobs that no manifest names. */
export function collect(context: RegistryContext): Promise<void> {
  const { cleaning, db, now, pins, store } = context;
  return cleaning.run(async () => {
    const used = await referenced(context);
    if (!used) return;
    const ledgers = new Set(await db.ledgerDigests());
    const unfinished = await store.listUnfinished();
    for (const { digest } of unfinished) {
      if (!ledgers.has(digest) && !pins.has(digest)) await discard(context, digest);
    }
    const there = new Set(unfinished.map(({ digest }) => digest));
    for (const digest of ledgers) {
      if (!there.has(digest) && !pins.has(digest)) await db.deleteLedger(digest);
    }
    for (const { digest, size, modifiedAt } of await store.list()) {
      context.sizes.set(digest, size);
      const old = now() - modifiedAt > GRACE_MS;
      if (old && !used.has(digest) && !pins.has(digest)) await discard(context, digest);
    }
  });
}

/**
 * Removes those of `digests` that no manifest and no pull needs, running or queued, nor what `isKept` names. Resolves
 * with those whose file is in use, which are left to `collect`, or to a second try.
 */
export function removeUnused(
  context: RegistryContext,
  digests: Digest[],
  isKept = (digest: Digest) => context.pins.has(digest),
): Promise<Digest[]> {
  const { cleaning, db } = context;
  return cleaning.run(async () => {
    const used = await referenced(context);
    if (!used) return [];
    const held: Digest[] = [];
    for (const digest of digests) {
      if (used.has(digest) || isKept(digest)) continue;
      if (!(await discard(context, digest, isBusy))) held.push(digest);
      await db.deleteLedger(digest);
    }
    return held;
  });
}

/** The blobs of `models`. */
export function namedBy(models: StoredManifest[]): Set<Digest> {
  return new Set(models.flatMap(({ manifest }) => blobsOf(manifest).map(({ digest }) => digest)));
}

/** By manifests and by queued pulls. Null while any manifest cannot be read: it may need anything. */
export async function referenced({ db }: RegistryContext): Promise<Set<Digest> | null> {
  const { good, corrupt } = await db.manifests();
  if (corrupt > 0) return null;
  return new Set([...namedBy(good), ...(await db.pulls()).flatMap(({ blobs }) => blobs)]);
}

/** Whether somebody on this device is at work with it: a pull, a creation, an import between file and manifest. */
export function isAtWork({ now, pins, uploads }: RegistryContext, digest: Digest): boolean {
  return pins.has(digest) || uploads.has(digest, now());
}

export function isBusy(error: unknown): boolean {
  return error instanceof PaddockError && error.detail.busy === true;
}

/**
 * The blob, and what is known of it. False for a file that is still held open, here or in another tab: it stays until
 * a later start.
 */
export async function discard(
  { db, store, uploads }: RegistryContext,
  digest: Digest,
  tolerated: (error: unknown) => boolean = () => true,
): Promise<boolean> {
  try {
    await store.delete(digest);
    uploads.delete(digest);
    await db.forgetBlob(digest);
    return true;
  } catch (error) {
    if (!tolerated(error)) throw error;
    console.warn(`Could not remove the unused blob ${digest}:`, error);
    return false;
  }
}
