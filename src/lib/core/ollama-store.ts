/**
 * An Ollama store on disk: `manifests/<host>/<namespace>/<model>/<tag>` and `blobs/sha256-<hex>`, read by its paths and
 * its manifests. Both were written by strangers: names and digests come out of their checks alone.
 */
import { parseDigest, type Digest } from '#core/digest';
import { toPaddockError } from '#core/errors';
import { blobsOf, layersOf, LAYER_PREFIX, parseManifest, type Layer } from '#core/manifest';
import { displayName, nameKey, parseName, type ModelName } from '#core/names';
import { totalSize } from '#core/total-size';

export interface StoredManifest {
  path: string;
  /** Null where the path makes no name. */
  name: ModelName | null;
}

export interface OllamaStore {
  manifests: StoredManifest[];
  /** The path of each. */
  blobs: Map<Digest, string>;
}

/** Why a model cannot be taken over. */
export type StoreProblem =
  | { type: 'name' }
  /** Another manifest has the name, in other letters. */
  | { type: 'twice' }
  | { type: 'manifest'; why: string }
  /** It has no GGUF weights. */
  | { type: 'weights' }
  | { type: 'blobs'; missing: Layer[]; damaged: { blob: Layer; size: number }[] };

export interface StoreModel {
  /** As it will be called here; the path where that is no name. */
  name: string;
  path: string;
  /** The manifest's own. */
  text: string;
  /** Bytes of all blobs. */
  size: number;
  blobs: Layer[];
  problem: StoreProblem | null;
  /** Media types that Paddock does not read; they are kept. */
  unknown: string[];
}

/** Bytes; Ollama's have some 1,000. */
export const MAX_MANIFEST = 1024 * 1024;

/** What Paddock reads of a model in GGUF. */
const READ = new Set(
  ['model', 'projector', 'adapter', 'template', 'system', 'params', 'messages', 'license'].map(
    (kind) => LAYER_PREFIX + kind,
  ),
);

/** The store among these paths, whichever folder above it was picked; the one with most models. Null: there is none. */
export function findStore(paths: Iterable<string>): OllamaStore | null {
  const stores = new Map<string, OllamaStore>();
  const storeAt = (folders: string[]) => {
    const root = folders.join('/');
    const known = stores.get(root) ?? { manifests: [], blobs: new Map<Digest, string>() };
    stores.set(root, known);
    return known;
  };
  for (const path of paths) {
    const folders = path.split(/[\\/]/);
    if (folders.some((folder) => folder === '..' || folder === '.')) continue;
    const digest = folders.at(-2) === 'blobs' ? parseDigest(folders.at(-1)) : null;
    if (digest) storeAt(folders.slice(0, -2)).blobs.set(digest, path);
    else if (folders.at(-5) === 'manifests') {
      storeAt(folders.slice(0, -5)).manifests.push({ path, name: nameOf(folders.slice(-4)) });
    }
  }
  const [first] = [...stores.values()].sort((a, b) => b.manifests.length - a.manifests.length);
  return first && first.manifests.length > 0 ? first : null;
}

/** Null unless each folder is one part of the name and the whole of it. */
function nameOf([host, namespace, model, tag]: string[]): ModelName | null {
  const name = parseName(`${host}/${namespace}/${model}:${tag}`);
  const same =
    name?.host === host &&
    name?.namespace === namespace &&
    name?.model === model &&
    name?.tag === tag;
  return same ? name : null;
}

/** @param taken keys of names that other manifests have; this one's is added */
export function planModel(
  { path, name }: StoredManifest,
  text: string,
  sizeOf: (digest: Digest) => number | undefined,
  taken: Set<string>,
): StoreModel {
  const model: StoreModel = {
    name: name ? displayName(name) : path,
    path,
    text,
    size: 0,
    blobs: [],
    problem: null,
    unknown: [],
  };
  if (!name) return { ...model, problem: { type: 'name' } };
  const key = nameKey(name);
  if (taken.has(key)) return { ...model, problem: { type: 'twice' } };
  taken.add(key);
  try {
    const manifest = parseManifest(text);
    const blobs = blobsOf(manifest);
    const types = manifest.layers.map(({ mediaType }) => mediaType);
    const weights = layersOf(manifest, 'model').length > 0;
    const unknown = [...new Set(types.filter((type) => !READ.has(type)))];
    const problem = weights ? blobProblem(blobs, sizeOf) : ({ type: 'weights' } as const);
    return { ...model, blobs, size: totalSize(blobs), unknown, problem };
  } catch (error) {
    const why = toPaddockError(error).message;
    return { ...model, problem: { type: 'manifest', why } };
  }
}

function blobProblem(
  blobs: Layer[],
  sizeOf: (digest: Digest) => number | undefined,
): StoreProblem | null {
  const missing = blobs.filter(({ digest }) => sizeOf(digest) === undefined);
  const damaged = blobs.flatMap((blob) => {
    const size = sizeOf(blob.digest);
    return size === undefined || size === blob.size ? [] : [{ blob, size }];
  });
  return missing.length + damaged.length > 0 ? { type: 'blobs', missing, damaged } : null;
}
