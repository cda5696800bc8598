/** Gives blobs that are here a name: what is checked first, and the manifest, which is written last. */
import { digestOf, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf, parseManifest } from '#core/manifest';
import { nameKey, type ModelName } from '#core/names';
import { buildModel, type BuiltModel, type ModelDraft } from './build-model';
import type { RegistryContext } from './context';
import { removeUnused } from './gc';
import { Hold } from './hold';
import { provenanceOf } from './provenance';
import { parseConfig, type Provenance } from './records';
import { readText } from './text';

/** Makes the manifest of files and texts, and installs it under `name`. @throws PaddockError as `installManifest` */
export async function install(
  context: RegistryContext,
  name: ModelName,
  draft: ModelDraft,
): Promise<BuiltModel> {
  const hold = new Hold(context);
  try {
    await hold.add(...draft.files.map(({ digest }) => digest));
    const built = await buildModel(context.store, draft, hold);
    await installManifest(context, name, built.text, { made: true });
    return built;
  } finally {
    hold.release();
  }
}

/**
 * Installs a manifest byte for byte, in the place of what had its name; blobs that nobody needs any more go.
 * @throws PaddockError `bad_manifest`; `bad_request` when a blob is missing or has another size; `storage_full`,
 *   `storage_failed`. Nothing has changed then.
 */
export async function installManifest(
  context: RegistryContext,
  name: ModelName,
  text: string,
  provenance: Provenance = {},
): Promise<void> {
  const { db, now, store } = context;
  const manifest = parseManifest(text);
  const blobs = blobsOf(manifest);
  const digests = blobs.map(({ digest }) => digest);
  const hold = new Hold(context);
  await hold.add(...digests);
  let dropped: Digest[];
  try {
    for (const { digest, size } of blobs) {
      if ((await store.size(digest)) === size) continue;
      throw new PaddockError('bad_request', `the blob ${digest} of ${size} bytes is not here`);
    }
    const config = parseConfig(await readText(store, manifest.config.digest));
    const key = nameKey(name);
    const old = await db.manifest(key);
    const digest = await digestOf(new TextEncoder().encode(text));
    const record = { key, name: old?.name ?? name, text, digest, config, modifiedAt: now() };
    await db.putManifest({ ...record, ...provenanceOf(provenance) });
    const kept = new Set(digests);
    const before = old ? blobsOf(old.manifest).map((blob) => blob.digest) : [];
    dropped = before.filter((one) => !kept.has(one));
  } finally {
    hold.release();
  }
  await removeUnused(context, dropped);
}
