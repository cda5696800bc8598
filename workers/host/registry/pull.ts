/** A pull: blobs first, the manifest last, so that a model is there whole or not at all. */
import type { Digest } from '#core/digest';
import { digestHex } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf, type Layer } from '#core/manifest';
import { nameKey } from '#core/names';
import type { PullTarget } from '#core/pull-target';
import { freeBytes } from '#store/storage-error';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';
import { removeUnused } from './gc';
import { parseConfig } from './records';
import type { ManifestPlan } from './source';
import { readText } from './text';
import type { Transfers } from './transfers';

/** A line of `/api/pull`; the figures, in bytes, come with `pulling <12 hex>`. */
export interface PullStatus {
  status: string;
  digest?: Digest;
  total?: number;
  completed?: number;
}

/**
 * Yields Ollama's statuses; the last is `success`. A pull that is stopped keeps its verified parts.
 * @throws PaddockError, among them `not_in_registry`, `storage_full` (detail: needed, free), `aborted`
 */
export async function* pull(
  context: RegistryContext,
  transfers: Transfers,
  target: PullTarget,
  signal: AbortSignal,
): AsyncGenerator<PullStatus, void, void> {
  const { cleaning, db, now, pins, source, store } = context;
  yield { status: 'pulling manifest' };
  const { name } = target;
  const plan = await source.resolve(target, signal);
  if (plan.kind === 'files') throw new PaddockError('not_supported', 'Pulling files');
  const { manifest, text, digest } = plan;
  const blobs = blobsOf(manifest);
  const digests = blobs.map((blob) => blob.digest);
  await cleaning.run(async () => pins.add(digests));
  let dropped: Digest[];
  try {
    await requireSpace(context, await missing(context, blobs));
    for (const blob of blobs) {
      yield* pullBlob(context, transfers, plan, blob, signal);
    }
    yield { status: 'verifying sha256 digest' }; // each transfer compared its own
    const config = parseConfig(await readText(store, manifest.config.digest));
    yield { status: 'writing manifest' };
    const key = nameKey(name);
    const old = await db.manifest(key);
    const record = { key, name: old?.name ?? name, text, digest, config, modifiedAt: now() };
    await db.putManifest(record);
    dropped = old ? blobsOf(old.manifest).map((blob) => blob.digest) : [];
    dropped = dropped.filter((candidate) => !digests.includes(candidate));
  } finally {
    pins.remove(digests);
  }
  if (dropped.length > 0) {
    yield { status: 'removing unused layers' };
    await removeUnused(context, dropped);
  }
  yield { status: 'success' };
}

async function* pullBlob(
  { store }: RegistryContext,
  transfers: Transfers,
  plan: ManifestPlan,
  blob: Layer,
  signal: AbortSignal,
): AsyncGenerator<PullStatus, void, void> {
  const { digest, size: total } = blob;
  const status = `pulling ${digestHex(digest).slice(0, 12)}`;
  const report = (completed: number) => ({ status, digest, total, completed });
  if (await store.has(digest)) return yield report(total);
  const origin = await plan.origin(blob, signal);
  let last = -1;
  for await (const completed of transfers.fetch(blob, origin, signal)) {
    yield report((last = completed));
  }
  if (last !== total) yield report(total);
}

/** The blobs that are not there; one of another size, or that a check found damaged, goes. */
async function missing(context: RegistryContext, blobs: Layer[]): Promise<Layer[]> {
  const { db, store } = context;
  const damaged = await damagedBlobs(context);
  const result: Layer[] = [];
  for (const blob of blobs) {
    const size = await store.size(blob.digest);
    if (size === blob.size && !damaged.has(blob.digest)) continue;
    if (size !== null) await store.delete(blob.digest);
    if (damaged.has(blob.digest)) await db.deleteDamaged(blob.digest);
    result.push(blob);
  }
  return result;
}

/** Asks before the first byte: a pull that cannot end should not fill the disk first. */
async function requireSpace({ store, estimate }: RegistryContext, blobs: Layer[]): Promise<void> {
  let needed = 0;
  for (const { digest, size } of blobs) {
    needed += Math.max(0, size - (await store.unfinishedSize(digest)));
  }
  const free = await freeBytes(estimate);
  if (free === null || needed <= free) return;
  const message = `The model needs ${needed} bytes and this site may store ${free} more.`;
  throw new PaddockError('storage_full', message, { needed, free });
}
