/** Makes the manifest of a model that comes as files: what a registry would have published. */
import { digestOf, type Digest } from '#core/digest';
import { parameterSize } from '#core/gguf';
import { LAYER_PREFIX, MANIFEST_TYPE, type Layer, type ModelConfig } from '#core/manifest';
import { readBlobHeader } from '#store/blob-header';
import type { BlobStore } from '#store/blob-store';
import { putBytes } from '#store/put-bytes';

const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json';

export interface ModelDraft {
  /** `gguf` or `mlc`. */
  format: string;
  /** In the store already: weights first, then projectors, adapters, and whatever else the format has. */
  files: Layer[];
  /** Become layers of these kinds. */
  texts?: { kind: 'template' | 'system' | 'params' | 'messages' | 'license'; text: string }[];
  /** Over what the weights say. */
  config?: Partial<ModelConfig>;
}

export interface BuiltModel {
  text: string;
  digest: Digest;
  config: ModelConfig;
}

/** @throws PaddockError `model_unreadable`, naming the fault of the weights; `storage_full`, `storage_failed` */
export async function buildModel(store: BlobStore, draft: ModelDraft): Promise<BuiltModel> {
  const config = { ...(await describe(store, draft)), ...draft.config };
  const layers = [...draft.files];
  for (const { kind, text } of draft.texts ?? []) {
    layers.push(await layerOf(store, LAYER_PREFIX + kind, text));
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: await layerOf(store, CONFIG_TYPE, JSON.stringify(config)),
    layers,
  };
  const text = JSON.stringify(manifest);
  return { text, digest: await digestOf(new TextEncoder().encode(text)), config };
}

async function layerOf(store: BlobStore, mediaType: string, text: string): Promise<Layer> {
  const bytes = new TextEncoder().encode(text);
  return { mediaType, digest: await putBytes(store, bytes), size: bytes.length };
}

/** What the first file of weights says of itself. */
async function describe(store: BlobStore, { format, files }: ModelDraft): Promise<ModelConfig> {
  const weights = files.find(({ mediaType }) => mediaType === `${LAYER_PREFIX}model`);
  if (format !== 'gguf' || !weights) {
    return {
      model_format: format,
      model_family: '',
      model_families: [],
      model_type: '',
      file_type: '',
    };
  }
  const header = await readBlobHeader(await store.open(weights.digest));
  return {
    model_format: format,
    model_family: header.architecture,
    model_families: [header.architecture],
    model_type: parameterSize(header.parameterCount),
    file_type: header.quantization,
  };
}
