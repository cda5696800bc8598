/** Fetches what is damaged or missing of a model again, from where it came. */
import { digestHex, type Digest } from '#core/digest';
import { blobsOf, layersOf, LAYER_PREFIX, type Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { repairKey } from './blob-key';
import { buildModel } from './build-model';
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
 * publishes by now. A blob that is not published there any more fails, and those that came before it stay. A library
 * comes from its address, where only what is known of it is taken, or what `acceptLibrary` names.
 * @throws PaddockError as `pull`
 */
export async function* repair(
  context: RegistryContext,
  transfers: Transfers,
  record: StoredManifest,
  signal: AbortSignal,
  acceptLibrary?: Digest,
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
      // One that is whole is not even looked for: its host may be gone.
      const [own] = layersOf(record.manifest, 'library');
      const library = own && !bad.has(own.digest) ? own.digest : libraryOf(record);
      const target = { ...targetOf(record), library, acceptLibrary, force: true as const };
      const plan = await planOf(source, target, library, signal);
      for (const blob of blobs.filter(({ digest }) => bad.has(digest))) {
        if (plan.kind === 'files' && blob.digest === record.manifest.config.digest) {
          await makeConfig(context, record, hold);
          await db.deleteDamaged(blob.digest);
          continue;
        }
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
        yield* pull(context, transfers, { ...target, library: libraryOf(record) }, signal);
        for (const { digest } of blobs) await db.deleteDamaged(digest);
        return;
      }
    }
  } finally {
    hold.release();
  }
  yield { status: 'success' };
}

/** Null where nobody says that the file is the same: a new pull finds what there is. */
async function originOf(
  plan: PullPlan,
  blob: Layer,
  signal: AbortSignal,
): Promise<BlobOrigin | null> {
  if (plan.kind === 'manifest') return plan.origin(blob, signal);
  const { digest, name, size, mediaType } = blob;
  // Texts lie in Git itself, of which hubs publish no SHA-256: it is compared when they have come. Of a library that
  // is another one now a person is asked, which a pull does.
  const text = mediaType !== `${LAYER_PREFIX}library`;
  const same = plan.files.find(
    (file) =>
      file.digest === digest ||
      (text &&
        file.digest === null &&
        file.mediaType === mediaType &&
        file.name === name &&
        file.size === size),
  );
  return same?.origin ?? null;
}

/** A configuration is made of what the files say; by now they are whole. */
async function makeConfig(
  context: RegistryContext,
  { manifest, ...record }: StoredManifest,
  hold: Hold,
): Promise<void> {
  const draft = {
    format: record.config.model_format,
    files: manifest.layers,
    config: record.config,
  };
  const { text, digest, config } = await buildModel(context.store, draft, hold);
  // An earlier version may have written it otherwise.
  if (digest !== record.digest) await context.db.putManifest({ ...record, text, digest, config });
}
