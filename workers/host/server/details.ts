import { weightsOf } from '#core/manifest';
import type { WeightsFacts } from '#core/weights-facts';
import type { InstalledModel } from '../registry/installed';

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
