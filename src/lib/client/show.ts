/** Ollama's `/api/show`, with what its package has no types for. */
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

export interface ShownTensor {
  name: string;
  /** `Q4_K`, `F32`. */
  type: string;
  shape: number[];
}

export interface ShownModel {
  license?: string;
  modelfile: string;
  /** A `name value` line each. */
  parameters?: string;
  template: string;
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
  /** With `verbose` only. */
  tensors?: ShownTensor[];
  capabilities: string[];
  modified_at: string;
}

/** @param verbose with the tensors, and the vocabulary: some MB. @throws PaddockError */
export async function showModel(model: string, verbose = false): Promise<ShownModel> {
  const response = await portFetch(link, siteUrl())(`${siteUrl()}api/show`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model, verbose }),
  });
  return (await response.json()) as ShownModel;
}
