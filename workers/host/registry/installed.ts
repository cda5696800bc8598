/** The models on this device. A model whose weights are gone is not listed: pulling it again repairs it. */
import type { Digest } from '#core/digest';
import { blobsOf, runnerLayers, type Layer, type Manifest, type ModelConfig } from '#core/manifest';
import { displayName, nameKey, type ModelName } from '#core/names';
import { totalSize } from '#core/total-size';
import type { WeightsFacts } from '#core/weights-facts';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';
import { removeUnused } from './gc';
import type { StoredManifest } from './records';

export interface InstalledModel {
  /** The shortest spelling. */
  name: string;
  key: string;
  manifest: Manifest;
  /** Of the manifest. */
  digest: Digest;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** Bytes of all layers and the config. */
  size: number;
  config: ModelConfig;
  /** What would pull it again, where its name does not. */
  from?: string;
  /** Absent where nobody has looked into the weights yet. */
  facts?: WeightsFacts;
  /** A check found a blob of it damaged: it is not loaded. */
  damaged?: true;
}

/** Newest first; a damaged record is left out. */
export async function list(context: RegistryContext): Promise<InstalledModel[]> {
  const { good } = await context.db.manifests();
  const [whole, damaged] = await Promise.all([
    wholeBlobs(
      context,
      good.flatMap(({ manifest }) => blobsOf(manifest)),
    ),
    damagedBlobs(context),
  ]);
  return good
    .filter(({ manifest }) => blobsOf(manifest).every(({ digest }) => whole.has(digest)))
    .map((record) => toInstalled(record, damaged))
    .sort((a, b) => b.modifiedAt - a.modifiedAt || (a.key < b.key ? -1 : 1));
}

/** Those of `blobs` that are there with their size; a size that is known is not asked for again unless it is wrong. */
async function wholeBlobs({ store, sizes }: RegistryContext, blobs: Layer[]): Promise<Set<Digest>> {
  const there = store.digests && new Set(await store.digests());
  if (!there) {
    sizes.clear();
    for (const { digest, size } of await store.list()) sizes.set(digest, size);
  }
  const whole = new Set<Digest>();
  for (const { digest, size } of blobs) {
    if (there && !there.has(digest)) continue;
    if (there && sizes.get(digest) !== size) sizes.set(digest, (await store.size(digest)) ?? 0);
    if (sizes.get(digest) === size) whole.add(digest);
  }
  return whole;
}

/** Null when it is not there. Looks at what a runner opens only: it is asked before every reply. */
export async function get(
  context: RegistryContext,
  name: ModelName,
): Promise<InstalledModel | null> {
  const { db, store } = context;
  const record = await db.manifest(nameKey(name));
  if (!record) return null;
  for (const { digest, size } of runnerLayers(record.manifest)) {
    if ((await store.size(digest)) !== size) return null;
  }
  return toInstalled(record, await damagedBlobs(context));
}

/** Removes the name, then the blobs that no other model shares. False when there was no such name. */
export async function remove(context: RegistryContext, name: ModelName): Promise<boolean> {
  const key = nameKey(name);
  const record = await context.db.manifest(key);
  const there = await context.db.deleteManifest(key);
  await context.db.deleteUsage(key);
  const blobs = record ? blobsOf(record.manifest) : [];
  await removeUnused(
    context,
    blobs.map(({ digest }) => digest),
  );
  return there;
}

function toInstalled(record: StoredManifest, damaged: Set<Digest>): InstalledModel {
  const { key, name, manifest, digest, modifiedAt, config, from, facts } = record;
  const blobs = blobsOf(manifest);
  const size = totalSize(blobs);
  const about = { key, manifest, digest, modifiedAt, size, config, from, facts };
  const model = { name: displayName(name), ...about };
  return blobs.some((blob) => damaged.has(blob.digest)) ? { ...model, damaged: true } : model;
}
