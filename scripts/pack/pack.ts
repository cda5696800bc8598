/** Publishes a GGUF file in a site's static registry, as `workers/host/registry/sources/static.ts` reads it. */
import { join } from 'node:path';
import type { Digest } from '#core/digest';
import { parameterSize, type GgufHeader } from '#core/gguf';
import { LAYER_PREFIX, MANIFEST_TYPE, type LayerKind, type ModelConfig } from '#core/manifest';
import type { ModelName } from '#core/names';
import { BlobFolder } from './blob-folder.ts';
import type { Inspected } from './inspect.ts';
import type { Extras } from './options.ts';

const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json';

export interface PackRequest {
  /** The GGUF file. */
  path: string;
  model: Inspected;
  name: ModelName;
  extras: Extras;
  /** Bytes. */
  partSize: number;
  /** The site's folder: `v2/` is made in it. */
  out: string;
}

/**
 * Writes `v2/<namespace>/<model>/` and gives its path in the site. Run again, it verifies what is there and
 * changes nothing; when it fails, what it wrote is gone.
 * @throws Refusal, or the system's error
 */
export async function packModel(request: PackRequest): Promise<string> {
  const { name, model, extras } = request;
  // Lower case, as the source asks for it: names that differ by case only are one name.
  const path = `v2/${name.namespace}/${name.model}`.toLowerCase();
  const folder = new BlobFolder(join(request.out, path));
  try {
    const weights = await folder.parts(request.path, model.size, request.partSize);
    const layer = async (kind: LayerKind, bytes: Uint8Array | undefined) =>
      bytes ? [{ mediaType: LAYER_PREFIX + kind, ...(await folder.blob(bytes)) }] : [];
    const config = await folder.blob(json(configOf(model.header)));
    await folder.manifest(name.tag.toLowerCase(), {
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: { mediaType: CONFIG_TYPE, ...config },
      layers: [
        weightsLayer(weights.digest, model.size),
        ...(await layer('license', extras.license)),
        ...(await layer('template', extras.template)),
        ...(await layer('system', extras.system ? Buffer.from(extras.system) : undefined)),
        ...(await layer('params', extras.params && json(extras.params))),
      ],
    });
  } catch (error) {
    await folder.undo();
    throw error;
  }
  return path;
}

function weightsLayer(digest: Digest, size: number) {
  return { mediaType: `${LAYER_PREFIX}model`, digest, size };
}

function configOf(header: GgufHeader): ModelConfig {
  return {
    model_format: 'gguf',
    model_family: header.architecture,
    model_families: [header.architecture],
    model_type: parameterSize(header.parameterCount),
    file_type: header.quantization,
  };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
