/** Ollama's manifests, read by their shape: a host that answers everything with 200 and a page is not believed. */
import { parseDigest, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { totalSize } from '#core/total-size';

export const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';

export const LAYER_PREFIX = 'application/vnd.ollama.image.';

/** Behind a blob's file name: the list of its parts. */
export const PARTS_SUFFIX = '.parts.json';

/** The kinds of layer that Paddock reads. */
export type LayerKind =
  | 'model'
  | 'projector'
  | 'adapter'
  | 'template'
  | 'system'
  | 'params'
  | 'messages'
  | 'license'
  | 'tensor'
  | 'json'
  | 'library';

export interface Layer {
  mediaType: string;
  digest: Digest;
  /** Bytes. */
  size: number;
  /** The file's path, of a model that is several files. */
  name?: string;
  /** The model that it was taken from, of one that was created from another. */
  from?: string;
}

export interface Manifest {
  schemaVersion: 2;
  mediaType: string;
  config: Layer;
  layers: Layer[];
}

/** The manifest's config blob. */
export interface ModelConfig {
  model_format: string;
  model_family: string;
  model_families: string[];
  model_type: string;
  file_type: string;
  renderer?: string;
  parser?: string;
  /** The least version of Ollama, a semantic version. */
  requires?: string;
  capabilities?: string[];
  /** Tokens that the model was trained for. */
  context_length?: number;
  embedding_length?: number;
  /** Of an MLC model: where its library came from, and for which of web-llm's versions it was built. */
  library?: { url?: string; version?: string };
}

/** One blob cut in parts, in their order. */
export interface PartsList {
  size: number;
  digest: Digest;
  parts: { size: number; digest: Digest }[];
}

export function layersOf(manifest: Manifest, kind: LayerKind): Layer[] {
  return manifest.layers.filter((layer) => layer.mediaType === LAYER_PREFIX + kind);
}

/** The files that hold weights: GGUF's, or an MLC model's shards. */
export function weightsOf(manifest: Manifest): Layer[] {
  const own = layersOf(manifest, 'model');
  return own.length > 0 ? own : layersOf(manifest, 'tensor');
}

/** The files that a runner opens. */
export function runnerLayers(manifest: Manifest): Layer[] {
  const kinds: LayerKind[] = ['model', 'tensor', 'json', 'library', 'projector'];
  return kinds.flatMap((kind) => layersOf(manifest, kind));
}

/** Every blob that the manifest needs, each digest once. */
export function blobsOf(manifest: Manifest): Layer[] {
  const all = [...manifest.layers, manifest.config];
  return [...new Map(all.map((layer) => [layer.digest, layer])).values()];
}

/** @throws PaddockError `bad_manifest`, saying what is wrong with it. */
export function parseManifest(text: string): Manifest {
  const value = parseObject(text, 'manifest');
  if (value.schemaVersion !== 2 || !Array.isArray(value.layers)) bad('manifest', 'no schema 2');
  const layers = (value.layers as unknown[]).map(parseLayer);
  if (layers.length === 0) bad('manifest', 'no layers');
  const mediaType = typeof value.mediaType === 'string' ? value.mediaType : MANIFEST_TYPE;
  return { schemaVersion: 2, mediaType, config: parseLayer(value.config), layers };
}

/** @throws PaddockError `bad_manifest` unless the parts add up to the blob that was asked for. */
export function parsePartsList(text: string, blob: Pick<Layer, 'digest' | 'size'>): PartsList {
  const value = parseObject(text, 'parts list');
  if (!Array.isArray(value.parts)) bad('parts list', 'no parts');
  const parts = (value.parts as unknown[]).map((part) => parseBlobRef(part, 'parts list'));
  const total = totalSize(parts);
  const digest = parseDigest(value.digest);
  if (digest !== blob.digest || value.size !== blob.size || total !== blob.size) {
    bad('parts list', 'it does not add up to the blob');
  }
  return { size: blob.size, digest: blob.digest, parts };
}

function parseLayer(value: unknown): Layer {
  const mediaType = isObject(value) ? value.mediaType : undefined;
  if (typeof mediaType !== 'string') return bad('manifest', 'a layer has no media type');
  const { name, from } = value as Record<string, unknown>;
  return {
    mediaType,
    ...parseBlobRef(value, 'manifest'),
    ...(typeof name === 'string' && { name }),
    ...(typeof from === 'string' && { from }),
  };
}

function parseBlobRef(value: unknown, what: string): { digest: Digest; size: number } {
  if (!isObject(value)) return bad(what, 'an entry is not an object');
  const digest = parseDigest(value.digest);
  if (!digest) return bad(what, 'an entry has no valid digest');
  if (!Number.isSafeInteger(value.size) || (value.size as number) < 0) bad(what, 'a size is wrong');
  return { digest, size: value.size as number };
}

function parseObject(text: string, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Not JSON: the same fault as JSON of another shape.
  }
  return bad(what, text.trimStart().startsWith('<') ? 'it is a web page' : 'it is not JSON');
}

function bad(what: string, why: string): never {
  throw new PaddockError('bad_manifest', `This is not a valid ${what}: ${why}.`);
}
