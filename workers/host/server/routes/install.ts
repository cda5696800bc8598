import { parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { LAYER_PREFIX, type Layer } from '#core/manifest';
import type { FileFacts } from '#core/paddock-api';
import { badRequest, brief, readBody, requireName, text } from '../body';
import type { Deps } from '../deps';
import { json } from '../http';
import type { Route } from '../route';

/** In the order that a manifest has them. */
const KINDS: FileFacts['kind'][] = ['model', 'projector', 'adapter'];

/** More than any model has. */
const MAX_FILES = 1000;

/** `POST /api/paddock/manifests`: gives blobs that are here a name. */
export const installBlobs: Route = async (request, { registry }) => {
  const body = await readBody(request);
  const spelling = text(body, 'name');
  const name = requireName(spelling, `name "${brief(spelling)}" is invalid`);
  if (Object.hasOwn(body, 'manifest')) {
    await registry.installManifest(name, text(body, 'manifest')).catch(asRequestFault);
  } else
    await registry.install(name, { format: 'gguf', files: await layers(body.files, registry) });
  return json({ status: 'success' });
};

/** A manifest that the request brings is the request's fault. */
function asRequestFault(error: unknown): never {
  const faulty = error instanceof PaddockError && error.code === 'bad_manifest';
  throw faulty ? badRequest(error.message) : error;
}

/** The parts of split weights keep their order. */
async function layers(files: unknown, registry: Deps['registry']): Promise<Layer[]> {
  if (!Array.isArray(files) || files.length === 0 || files.length > MAX_FILES) {
    throw badRequest(`"files" must be a list of 1 to ${MAX_FILES} files`);
  }
  const found = new Map(KINDS.map((kind) => [kind, [] as Layer[]]));
  for (const file of files as unknown[]) {
    const digest = isObject(file) ? parseDigest(file.digest) : null;
    const kind = KINDS.find((one) => isObject(file) && file.kind === one);
    if (!digest || !kind) throw badRequest('a file has no valid digest or kind');
    const size = await registry.blobSize(digest);
    if (size === null) throw badRequest(`the blob ${digest} is not here`);
    found.get(kind)!.push({ mediaType: LAYER_PREFIX + kind, digest, size });
  }
  if (found.get('model')!.length === 0) throw badRequest('none of the files is a model');
  return [...found.values()].flat();
}
