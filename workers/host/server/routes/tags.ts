import { digestHex } from '#core/digest';
import type { InstalledModel } from '../../registry/installed';
import type { Route } from '../route';
import { json } from '../http';

/** Ollama's `details` of an installed model. */
export function details({ config }: InstalledModel) {
  return {
    parent_model: '',
    format: config.model_format,
    family: config.model_family,
    families: config.model_families,
    parameter_size: config.model_type,
    quantization_level: config.file_type,
  };
}

export const tags: Route = async (_request, deps) => {
  const models = await deps.registry.list();
  return json({
    models: models.map((model) => ({
      name: model.name,
      model: model.name,
      modified_at: new Date(model.modifiedAt).toISOString(),
      size: model.size,
      digest: digestHex(model.digest),
      details: details(model),
    })),
  });
};
