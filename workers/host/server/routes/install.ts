import { parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { LAYER_PREFIX, type Layer } from '#core/manifest';
import { LIBRARY_NAME, libraryFrom } from '#core/mlc/library';
import { TENSOR_LISTS } from '#core/mlc/tensor-list';
import type { InstallFile } from '#core/paddock-api';
import { isPlainName } from '#core/pull-target';
import type { ModelDraft } from '../../registry/build-model';
import { badRequest, brief, readBody, requireName, text } from '../body';
import type { Deps } from '../deps';
import { json } from '../http';
import { mlcWishes } from '../require-target';
import type { Route } from '../route';

type Kind = InstallFile['kind'];

/** In the order that a manifest has them. */
const KINDS: Kind[] = ['model', 'projector', 'adapter'];
const MLC_KINDS: Kind[] = ['json', 'library', 'tensor'];

/** More than any model has. */
const MAX_FILES = 1000;
/** Letters. */
const MAX_NAME = 200;

/** `POST /api/paddock/manifests`: gives blobs that are here a name. */
export const installBlobs: Route = async (request, { registry }) => {
  const body = await readBody(request);
  const spelling = text(body, 'name');
  const name = requireName(spelling, `name "${brief(spelling)}" is invalid`);
  const wishes = mlcWishes(body);
  const url = /^https?:/.test(wishes?.library ?? '') ? wishes?.library : undefined;
  const installing = Object.hasOwn(body, 'manifest')
    ? registry.installManifest(name, text(body, 'manifest'), wishes)
    : registry.install(name, await draftOf(body.files, registry, url), wishes);
  await installing.catch(asRequestFault);
  return json({ status: 'success' });
};

/** A manifest that the request brings is the request's fault. */
function asRequestFault(error: unknown): never {
  const faulty = error instanceof PaddockError && error.code === 'bad_manifest';
  throw faulty ? badRequest(error.message) : error;
}

/** The parts of split weights keep their order; an MLC model's files their names. */
async function draftOf(
  files: unknown,
  registry: Deps['registry'],
  url: string | undefined,
): Promise<ModelDraft> {
  if (!Array.isArray(files) || files.length === 0 || files.length > MAX_FILES) {
    throw badRequest(`"files" must be a list of 1 to ${MAX_FILES} files`);
  }
  const mlc = (files as unknown[]).some((file) => isObject(file) && file.kind === 'tensor');
  const kinds = mlc ? MLC_KINDS : KINDS;
  const found = new Map(kinds.map((kind) => [kind, [] as Layer[]]));
  for (const file of files as unknown[]) {
    const digest = isObject(file) ? parseDigest(file.digest) : null;
    const kind = kinds.find((one) => isObject(file) && file.kind === one);
    if (!digest || !kind) throw badRequest('a file has no valid digest or kind');
    const size = await registry.blobSize(digest);
    if (size === null) throw badRequest(`the blob ${digest} is not here`);
    const name = mlc ? nameOf(file as Record<string, unknown>, kind) : undefined;
    const layer = { mediaType: LAYER_PREFIX + kind, digest, size };
    found.get(kind)!.push(name === undefined ? layer : { ...layer, name });
  }
  if (!mlc && found.get('model')!.length === 0) throw badRequest('none of the files is a model');
  if (mlc && found.get('library')!.length !== 1) {
    throw badRequest('an MLC model has one library, which is a .wasm file');
  }
  const all = oneList([...found.values()].flat());
  return mlc
    ? { format: 'mlc', files: all, config: { library: libraryFrom(url) } }
    : { format: 'gguf', files: all };
}

/** A folder may have both lists of shards: the newer one is taken, as from a hub. */
function oneList(layers: Layer[]): Layer[] {
  const [newer, older] = TENSOR_LISTS;
  const both = layers.some(({ name }) => name === newer);
  return both ? layers.filter(({ name }) => name !== older) : layers;
}

/** @throws PaddockError `bad_request` for a path */
function nameOf({ name }: Record<string, unknown>, kind: Kind): string {
  if (kind === 'library') return LIBRARY_NAME;
  if (typeof name === 'string' && name.length <= MAX_NAME && isPlainName(name)) return name;
  throw badRequest('a file of an MLC model has no valid name');
}
