/** Ollama's `/api/show`, with what its package has no types for. */
import type { TensorTypeSum } from '#core/gguf';
import { postJson } from '$lib/client/ask-host';

export interface ShownModel {
  license?: string;
  modelfile: string;
  /** A `name value` line each. */
  parameters?: string;
  template: string;
  /** Whether the engines render it; absent where it is the one in the GGUF file, which they do. */
  template_used?: boolean;
  system?: string;
  messages?: { role: string; content: string }[];
  details: {
    /** What it was created from; empty: a file. */
    parent_model: string;
    format: string;
    family: string;
    parameter_size: string;
    quantization_level: string;
  };
  /** By GGUF key; a list is null unless asked for. */
  model_info: Record<string, unknown>;
  /** The heaviest type first; absent where the weights are no GGUF. */
  tensor_types?: TensorTypeSum[];
  capabilities: string[];
  /** Names of options that have no effect with the engine that runs it; absent: not known yet. */
  unsupported_options?: string[];
  modified_at: string;
}

/** @throws PaddockError */
export function showModel(model: string): Promise<ShownModel> {
  return postJson<ShownModel>('api/show', { model });
}
