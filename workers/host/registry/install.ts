/** Gives blobs that are here a name: what is checked first, and the manifest, which is written last. */
import { digestOf, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf, parseManifest } from '#core/manifest';
import { nameKey, type ModelName } from '#core/names';
import type { MlcWishes } from '#core/pull-target';
import { buildModel, type BuiltModel, type ModelDraft } from './build-model';
import type { RegistryContext } from './context';
import { removeUnused } from './gc';
import { Hold } from './hold';
import { admit } from './mlc/manifest-door';
import { trust } from './mlc/trust';
import { provenanceOf } from './provenance';
import { parseConfig, type Provenance } from './records';
import { readText } from './text';

/**
 * Makes the manifest of files and texts, and installs it under `name`. What is made of another model (`draft.base`) has
 * its library, which was admitted with that one. @throws PaddockError as `installManifest`
 */
export async function install(
  context: RegistryContext,
  name: ModelName,
  draft: ModelDraft,
  wishes: MlcWishes = {},
): Promise<BuiltModel> {
  const hold = new Hold(context);
  try {
    await hold.add(...draft.files.map(({ digest }) => digest));
    const built = await buildModel(context.store, draft, hold);
    await installManifest(context, name, built.text, { made: true }, draft.base ? null : wishes);
    return built;
  } finally {
    hold.release();
  }
}

/**
 * Installs a manifest byte for byte, in the place of what had its name; blobs that nobody needs any more go.
 * @param wishes what is said of its library, which is admitted as a pull's; null: an installed model has it
 * @throws PaddockError `bad_manifest`; `bad_request` when a blob is missing or has another size; of an MLC model
 *   `bad_library`, `library_changed`, `model_unreadable`, `no_gpu`; `storage_full`, `storage_failed`. Nothing has
 *   changed then.
 */
export async function installManifest(
  context: RegistryContext,
  name: ModelName,
  text: string,
  provenance: Provenance,
  wishes: MlcWishes | null,
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
    const library = wishes ? await admit(context, manifest, key, wishes) : undefined;
    const old = await db.manifest(key);
    const digest = await digestOf(new TextEncoder().encode(text));
    const record = { key, name: old?.name ?? name, text, digest, config, modifiedAt: now() };
    if (library) await trust(context, library, wishes?.acceptLibrary);
    await db.putManifest({ ...record, ...provenanceOf(provenance) });
    const kept = new Set(digests);
    const before = old ? blobsOf(old.manifest).map((blob) => blob.digest) : [];
    dropped = before.filter((one) => !kept.has(one));
  } finally {
    hold.release();
  }
  await removeUnused(context, dropped);
}
