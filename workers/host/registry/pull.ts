/** A pull: blobs first, the manifest last, so that a model is there whole or not at all. */
import type { Digest } from '#core/digest';
import { digestHex } from '#core/digest';
import { toPaddockError } from '#core/errors';
import { blobsOf, LAYER_PREFIX, type Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { nameKey } from '#core/names';
import type { PullTarget } from '#core/pull-target';
import { totalSize } from '#core/total-size';
import { buildModel } from './build-model';
import { blobKey, type WantedBlob } from './blob-key';
import type { RegistryContext } from './context';
import { removeUnused } from './gc';
import { Hold } from './hold';
import { MlcArrival } from './mlc/arrival';
import { withStoredLibrary } from './mlc/library';
import { admit, inOrder, requireAdapter } from './mlc/manifest-door';
import { trust, type KnownLibrary } from './mlc/trust';
import { findPlan, provenanceOf } from './provenance';
import { parseConfig, type ManifestRecord } from './records';
import type { FilesPlan, ManifestPlan } from './source';
import { requireSpace } from './space';
import { readText } from './text';
import type { OnWait, Transfers } from './transfers';
import { usableParams } from './usable-params';

const PARAMS = `${LAYER_PREFIX}params`;

/** A line of `/api/pull`; the figures, in bytes, come with `pulling <12 hex>`. */
export interface PullStatus {
  status: string;
  digest?: Digest;
  total?: number;
  completed?: number;
}

type Statuses<T> = AsyncGenerator<PullStatus, T, void>;

/** What a manifest's record has of the model itself. */
type Model = Pick<ManifestRecord, 'text' | 'digest' | 'config' | 'from'> & {
  /** Of an MLC model, from now on the known one. */
  library?: KnownLibrary;
};

/** What is told of a pull beside its statuses, which are Ollama's. */
export interface PullWatch {
  /** The bytes of all blobs, as soon as they are known: statuses name one blob after the other. */
  onSize?(bytes: number): void;
  onWait?: OnWait;
  /** The digest of a blob that is here now, which nobody told before. */
  onFound?(digest: Digest): void;
}

/** What all steps of one pull share. */
interface Pull {
  target: PullTarget;
  context: RegistryContext;
  transfers: Transfers;
  signal: AbortSignal;
  /** Its blobs. */
  hold: Hold;
  watch: PullWatch;
}

/**
 * Yields Ollama's statuses; the last is `success`. A pull that is stopped keeps its verified parts.
 * @throws PaddockError, among them `not_in_registry`, `storage_full` (detail: needed, free), `no_gpu`, `bad_library`,
 * `library_changed`, `aborted`
 */
export async function* pull(
  context: RegistryContext,
  transfers: Transfers,
  target: PullTarget,
  signal: AbortSignal,
  watch: PullWatch = {},
): Statuses<void> {
  const { db, now } = context;
  yield { status: 'pulling manifest' };
  const { plan: asked, key: source, ...way } = await findPlan(context, target, signal);
  const plan = asked.kind === 'files' ? await withStoredLibrary(context, asked) : asked;
  watch.onSize?.(totalSize(plan.kind === 'files' ? plan.files : blobsOf(plan.manifest)));
  const work: Pull = { target, context, transfers, signal, hold: new Hold(context), watch };
  let dropped: Digest[];
  try {
    const found = yield* plan.kind === 'files'
      ? pullFiles(work, plan)
      : pullManifest(work, plan, source);
    const { library, ...model } = found;
    yield { status: 'writing manifest' };
    if (library) await trust(context, library, target.acceptLibrary);
    const { name } = target;
    const key = nameKey(name);
    const old = await db.manifest(key);
    const provenance = provenanceOf({ ...way, from: model.from ?? way.from });
    const record = { ...model, key, name: old?.name ?? name, modifiedAt: now() };
    await db.putManifest({ ...record, ...provenance });
    dropped = old ? blobsOf(old.manifest).map((blob) => blob.digest) : [];
    dropped = dropped.filter((candidate) => !work.hold.digests.includes(candidate));
  } finally {
    work.hold.release();
  }
  if (dropped.length > 0) {
    yield { status: 'removing unused layers' };
    await removeUnused(context, dropped);
  }
  yield { status: 'success' };
}

/** A registry's model: its manifest names every blob; `key` is `nameKey` of the model there. */
async function* pullManifest(work: Pull, plan: ManifestPlan, key: string): Statuses<Model> {
  const { manifest, text, digest } = plan;
  const { deciding, others } = inOrder(manifest);
  const { context, signal, hold, target } = work;
  await requireAdapter(context, manifest, target);
  await hold.add(...[...deciding, ...others].map((blob) => blob.digest));
  await requireSpace(context, [...deciding, ...others]);
  const fetched = (blob: Layer) =>
    pullBlob(work, blob, blob.digest, () => plan.origin(blob, signal));
  for (const blob of deciding) yield* fetched(blob);
  const { acceptLibrary, force } = target; // its library is the manifest's, whatever else is named
  const library =
    deciding.length > 0 ? await admit(context, manifest, key, { acceptLibrary, force }) : undefined;
  for (const blob of others) yield* fetched(blob);
  yield { status: 'verifying sha256 digest' }; // each transfer compared its own
  const config = parseConfig(await readText(context.store, manifest.config.digest));
  return { text, digest, config, library };
}

/** A hub's or a host's files: the manifest is made of what they say themselves. */
async function* pullFiles(work: Pull, plan: FilesPlan): Statuses<Model> {
  const { context, hold, watch } = work;
  const { files, format, from } = plan;
  const mlc = new MlcArrival(context, plan, work.target);
  await mlc.begin();
  const wanted = await Promise.all(
    files.map(async (file) => ({ ...file, key: await blobKey(file, file.origin) })),
  );
  await hold.add(...wanted.map(({ key }) => key));
  await requireSpace(context, wanted);
  const layers: Layer[] = [];
  for (const file of wanted) {
    const { mediaType, size, name, key, origin } = file;
    await mlc.before(mediaType, layers);
    const fetched = () => pullBlob(work, file, key, () => Promise.resolve(origin));
    let digest = yield* fetched();
    await hold.add(digest);
    if (digest !== key) watch.onFound?.(digest);
    if (!(await context.store.has(digest))) {
      // A cleaning came before anybody knew what to hold.
      digest = yield* fetched();
      await hold.add(digest);
    }
    const unusable = mediaType === PARAMS && !(await usableParams(context.store, digest));
    if (unusable) {
      console.warn(`The file ${name} of ${from} is left out: it holds no parameters.`);
      continue;
    }
    const layer = { mediaType, digest, size, name };
    await mlc.after(layer);
    layers.push(layer);
  }
  yield { status: 'verifying sha256 digest' };
  const { config, trusted } = mlc;
  const built = await buildModel(context.store, { format, files: layers, config }, hold);
  return { ...built, from, ...(trusted && { library: trusted }) };
}

async function* pullBlob(
  { context, transfers, signal, watch }: Pull,
  blob: WantedBlob,
  key: Digest,
  originOf: () => Promise<BlobOrigin>,
): Statuses<Digest> {
  const { digest, size: total } = blob;
  const status = `pulling ${digestHex(key).slice(0, 12)}`;
  const report = (completed: number) => ({ status, digest: key, total, completed });
  if (digest && (await context.store.has(digest))) {
    yield report(total);
    return digest;
  }
  let last = -1;
  for (;;) {
    const steps = transfers.fetch(blob, await originOf(), signal, watch.onWait);
    let begun: number | undefined;
    try {
      for (;;) {
        const step = await steps.next();
        if (step.done) {
          if (last !== total) yield report(total);
          return step.value;
        }
        begun ??= step.value;
        yield report((last = step.value));
      }
    } catch (error) {
      // The token of a registry lives for minutes, and a large file takes longer: with a new one it goes on.
      const { code } = toPaddockError(error);
      if (code !== 'unauthorized' || begun === undefined || last <= begun) throw error;
    } finally {
      // A pull that nobody reads any more ends its transfer. What is returned here is never read.
      await steps.return(key);
    }
  }
}
