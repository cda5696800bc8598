/** What a manifest with a library passes, whoever wrote it: the checks that a hub's files pass as they come. */
import { parseDigest, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf, layersOf, type Layer, type LayerKind, type Manifest } from '#core/manifest';
import { needsOfQuantization } from '#core/mlc/adapter';
import { LIBRARY_NAME, libraryKey } from '#core/mlc/library';
import { needsOfConfig } from '#core/mlc/needs';
import type { MlcWishes } from '#core/pull-target';
import type { RegistryContext } from '../context';
import { parseConfig } from '../records';
import { readText } from '../text';
import { requireDevice } from './device';
import { requireWasm } from './library';
import { namedFiles, readMlc } from './read-model';
import { requireKnown, type KnownLibrary } from './trust';

type Context = Pick<RegistryContext, 'db' | 'store' | 'adapter'>;

/** First what decides whether an MLC model can be taken, then its weights; nothing decides of a model of another kind. */
export function inOrder(manifest: Manifest): { deciding: Layer[]; others: Layer[] } {
  const of = (kind: LayerKind) => layersOf(manifest, kind);
  const isMlc = of('library').length > 0 || of('tensor').length > 0;
  const first = isMlc ? [manifest.config, ...of('json'), ...of('library')] : [];
  const deciding = new Map(first.map((layer) => [layer.digest, layer]));
  const others = blobsOf(manifest).filter(({ digest }) => !deciding.has(digest));
  return { deciding: [...deciding.values()], others };
}

/** Before the first byte: no MLC model runs without an adapter. @throws PaddockError `no_gpu` */
export async function requireAdapter(
  context: Context,
  manifest: Manifest,
  wishes: MlcWishes,
): Promise<void> {
  const needed = layersOf(manifest, 'library').length > 0;
  if (needed) await requireDevice(context, needsOfQuantization(''), wishes);
}

/**
 * With the deciding blobs in the store; `key` is `nameKey` of the model where it comes from, by which its library is
 * known: what its configuration says of an address is a claim, which is compared and never noted.
 * @returns the library, to be trusted once the model is whole; undefined for a model that has none
 * @throws PaddockError `bad_library`, `bad_manifest`, `library_changed`, `model_unreadable`, `no_gpu`
 */
export async function admit(
  context: Context,
  manifest: Manifest,
  key: string,
  wishes: MlcWishes,
): Promise<KnownLibrary | undefined> {
  const { db, store } = context;
  const config = parseConfig(await readText(store, manifest.config.digest));
  const libraries = layersOf(manifest, 'library');
  const isMlc = config.model_format === 'mlc';
  if (!isMlc && libraries.length === 0) return undefined;
  const [library] = libraries;
  if (!library || libraries.length > 1) {
    throw new PaddockError(
      'bad_library',
      `its manifest has ${libraries.length}, and has to have one`,
    );
  }
  requireNames(manifest, library);
  if (isMlc) {
    const texts = await readMlc(store, manifest.layers, namedFiles(manifest.layers));
    await requireDevice(context, needsOfConfig(config), wishes);
    await requireDevice(context, needsOfQuantization(texts.config.quantization), wishes);
  }
  const { digest } = library;
  await requireWasm(store, digest);
  if (wishes.library !== undefined) return cameFrom(context, wishes.library, digest);
  const { url } = config.library ?? {};
  if (url !== undefined && (await db.library(key)) === null) {
    await requireKnown(context, { key: libraryKey(url), digest }, wishes.acceptLibrary);
  }
  const known = { key, digest };
  await requireKnown(context, known, wishes.acceptLibrary);
  return known;
}

/** Who says where it came from has fetched it from there, or it is that file. @throws PaddockError `bad_library` */
async function cameFrom(
  { db }: Context,
  said: string,
  digest: Digest,
): Promise<KnownLibrary | undefined> {
  if (parseDigest(said) === digest) return undefined;
  const key = parseDigest(said) ? null : libraryKey(said);
  if (key !== null && (await db.library(key)) === digest) return { key, digest };
  throw new PaddockError(
    'bad_library',
    `the model's is ${digest}, which is not known from ${said}`,
  );
}

/** The engine finds files by their names: none may stand for the library, or for another. @throws PaddockError `bad_manifest` */
function requireNames({ layers }: Manifest, library: Layer): void {
  const names = layers.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (library.name === LIBRARY_NAME && new Set(names).size === names.length) return;
  const why = `its files have no names of their own, or its library is not ${LIBRARY_NAME}`;
  throw new PaddockError('bad_manifest', `This is not a valid manifest: ${why}.`);
}
