/** Makes the manifest of a model that comes as files: what a registry would have published. */
import { digestOf, type Digest } from '#core/digest';
import { parameterSize, type GgufHeader } from '#core/gguf';
import {
  LAYER_PREFIX,
  MANIFEST_TYPE,
  type Layer,
  type LayerKind,
  type ModelConfig,
} from '#core/manifest';
import { describeMlc } from '#core/mlc/describe';
import { readBlobHeader } from '#store/blob-header';
import type { BlobStore } from '#store/blob-store';
import { putBytes } from '#store/put-bytes';
import type { Hold } from './hold';
import { requireWasm } from './mlc/library';
import { namedFiles, readMlc } from './mlc/read-model';
import { readWeights } from './weights';

const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json';

export interface ModelDraft {
  /** `gguf` or `mlc`. */
  format: string;
  /** In the store already: weights, whose parts may come in any order, then projectors, adapters, and whatever else the format has. */
  files: Layer[];
  /** Become layers of these kinds. */
  texts?: { kind: 'template' | 'system' | 'params' | 'messages' | 'license'; text: string }[];
  /** What the model it is made from says of itself, in place of what the weights would. */
  base?: ModelConfig;
  /** Over both. */
  config?: Partial<ModelConfig>;
}

export interface BuiltModel {
  text: string;
  digest: Digest;
  config: ModelConfig;
  /** All of them, the config's last, and whether it was there before. */
  layers: { digest: Digest; existed: boolean }[];
}

/**
 * Small layers are in `hold` before they are stored: until a manifest names them, nothing else keeps them.
 * @throws PaddockError `model_unreadable`, naming the fault of the weights; `storage_full`, `storage_failed`
 */
export async function buildModel(
  store: BlobStore,
  draft: ModelDraft,
  hold: Hold,
): Promise<BuiltModel> {
  const { base, ...rest } = draft;
  const { files, about } = base ? { files: draft.files, about: base } : await describe(store, rest);
  const config = { ...about, ...draft.config };
  const layers = files.map((layer) => ({ layer, existed: true }));
  for (const { kind, text } of draft.texts ?? []) {
    layers.push(await layerOf(store, LAYER_PREFIX + kind, text, hold));
  }
  const last = await layerOf(store, CONFIG_TYPE, JSON.stringify(config), hold);
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: last.layer,
    layers: layers.map(({ layer }) => layer),
  };
  const text = JSON.stringify(manifest);
  return {
    text,
    digest: await digestOf(new TextEncoder().encode(text)),
    config,
    layers: [...layers, last].map(({ layer, existed }) => ({ digest: layer.digest, existed })),
  };
}

async function layerOf(store: BlobStore, mediaType: string, text: string, hold: Hold) {
  const bytes = new TextEncoder().encode(text);
  const wanted = await digestOf(bytes);
  await hold.add(wanted);
  const existed = await store.has(wanted);
  const layer: Layer = { mediaType, digest: await putBytes(store, bytes), size: bytes.length };
  return { layer, existed };
}

/** What the files of weights and projectors say of themselves, and the files with parts of weights in their order. */
async function describe(
  store: BlobStore,
  { format, files }: ModelDraft,
): Promise<{ files: Layer[]; about: ModelConfig }> {
  const isWeights = isOfKind('model');
  const weights = format === 'gguf' ? files.filter(isWeights) : [];
  const about = { model_format: format };
  if (format === 'mlc') {
    for (const { digest } of files.filter(isOfKind('library'))) await requireWasm(store, digest);
    const { config, list } = await readMlc(store, files, namedFiles(files));
    return { files, about: describeMlc(config, list) };
  }
  if (weights.length === 0) {
    const unknown = { model_family: '', model_families: [], model_type: '', file_type: '' };
    return { files, about: { ...about, ...unknown } };
  }
  const { header, order } = await readWeights(store, weights);
  const projectors = await Promise.all(
    files
      .filter(isOfKind('projector'))
      .map(async ({ digest }) => readBlobHeader(await store.open(digest))),
  );
  return {
    files: [...order.map((at) => weights[at]!), ...files.filter((file) => !isWeights(file))],
    about: {
      ...about,
      model_family: header.architecture,
      model_families: familiesOf([header, ...projectors]),
      model_type: parameterSize(header.parameterCount),
      file_type: header.quantization,
      ...lengthsOf(header),
    },
  };
}

function isOfKind(kind: LayerKind): (layer: Layer) => boolean {
  return ({ mediaType }) => mediaType === LAYER_PREFIX + kind;
}

function familiesOf(headers: GgufHeader[]): string[] {
  return [...new Set(headers.map(({ architecture }) => architecture))].filter(Boolean);
}

function lengthsOf(header: GgufHeader): Pick<ModelConfig, 'context_length' | 'embedding_length'> {
  const context = header.count('context_length');
  const embedding = header.count('embedding_length');
  return {
    ...(context !== null && { context_length: context }),
    ...(embedding !== null && { embedding_length: embedding }),
  };
}
