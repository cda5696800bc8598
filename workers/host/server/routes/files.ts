import { PaddockError } from '#core/errors';
import { layersOf, type Layer } from '#core/manifest';
import type { ModelFile } from '#core/paddock-api';
import type { InstalledModel } from '../../registry/installed';
import { modelText, readBody } from '../body';
import type { Deps } from '../deps';
import { findModel } from '../generation';
import { json } from '../http';
import type { Route } from '../route';

/** `POST /api/paddock/files`: what a model goes back to disk as. */
export const files: Route = async (request, deps) => {
  const model = await findModel(deps, modelText(await readBody(request)));
  return json({ files: await filesOf(deps, model) });
};

/** @throws PaddockError `not_supported` for a model that is neither GGUF nor MLC */
async function filesOf({ registry }: Deps, model: InstalledModel): Promise<ModelFile[]> {
  if (model.config.model_format === 'mlc') return mlcFiles(model);
  if (model.config.model_format !== 'gguf') {
    const format = model.config.model_format;
    throw new PaddockError(
      'not_supported',
      `only GGUF and MLC models go to disk, and this is ${format}`,
    );
  }
  const stem = stemOf(model.name);
  const named = (kind: ModelFile['kind'], layers: Layer[], name: string) =>
    layers.map((layer, index, all) =>
      fileOf(layer, kind, `${name}${numbered(index, all.length)}.gguf`),
    );
  const { manifest } = model;
  return [
    ...named('model', await registry.weights(model), stem),
    ...named('projector', layersOf(manifest, 'projector'), `mmproj-${stem}`),
    ...named('adapter', layersOf(manifest, 'adapter'), `adapter-${stem}`),
  ];
}

/** Under the names by which they know each other. */
function mlcFiles({ manifest }: InstalledModel): ModelFile[] {
  return (['json', 'library', 'tensor'] as const).flatMap((kind) =>
    layersOf(manifest, kind).map((layer) => fileOf(layer, kind, layer.name ?? kind)),
  );
}

function fileOf({ digest, size }: Layer, kind: ModelFile['kind'], name: string): ModelFile {
  return { name, kind, digest, size };
}

/** `smollm2-135m` of `smollm2:135m`: a colon is no letter of a file's name. */
function stemOf(model: string): string {
  const [name, tag] = model.split('/').at(-1)!.split(':') as [string, string];
  return tag === 'latest' ? name : `${name}-${tag}`;
}

/** As llama.cpp names parts, and looks for them. */
function numbered(index: number, of: number): string {
  const digits = (number: number) => String(number).padStart(5, '0');
  return of === 1 ? '' : `-${digits(index + 1)}-of-${digits(of)}`;
}
