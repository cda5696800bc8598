import { digestHex } from '#core/digest';
import { weightsOf } from '#core/manifest';
import type { WeightsFacts } from '#core/weights-facts';
import type { InstalledModel } from '../../registry/installed';
import type { Route } from '../route';
import { json } from '../http';

/** Ollama's `details` of an installed model. */
export function details({ config, manifest }: InstalledModel, facts: WeightsFacts) {
  const { contextLength, embeddingLength } = facts;
  return {
    parent_model: weightsOf(manifest)[0]?.from ?? '',
    format: config.model_format,
    family: config.model_family,
    families: config.model_families,
    parameter_size: config.model_type,
    quantization_level: config.file_type,
    ...(contextLength !== null && { context_length: contextLength }),
    ...(embeddingLength !== null && { embedding_length: embeddingLength }),
  };
}

export const tags: Route = async (_request, { registry }) => {
  const models = await registry.list();
  return json({
    models: await Promise.all(
      models.map(async (model) => {
        const facts = await registry.facts(model);
        return {
          name: model.name,
          model: model.name,
          modified_at: new Date(model.modifiedAt).toISOString(),
          size: model.size,
          digest: digestHex(model.digest),
          details: details(model, facts),
          capabilities: facts.capabilities,
        };
      }),
    ),
  });
};
