/** Which engine would run a model of the catalogue, before its file is here. */
import type { DeviceLimits, EngineChoice } from '#core/paddock-api';
import { PADDOCK_ARCHITECTURES } from '#core/paddock-limits';
import type { CatalogueEntry } from './catalogue';

/** As `runner/engines/gguf.ts` chooses: llama.cpp on a fit adapter, else ours where it knows the architecture. */
export function runBy(
  { architecture, capabilities }: Pick<CatalogueEntry, 'architecture' | 'capabilities'>,
  { adapter }: Pick<DeviceLimits, 'adapter'>,
): EngineChoice {
  if (!capabilities.includes('completion')) {
    return { engine: null, reason: 'It makes embeddings, which no engine here does yet.' };
  }
  const note = capabilities.includes('vision') && {
    reason: 'Text only: no engine here reads images yet.',
  };
  if (adapter?.f16 && !adapter.software) return { engine: 'wllama', backend: 'webgpu', ...note };
  return { engine: isOwn(architecture) ? 'paddock' : 'wllama', backend: 'wasm', ...note };
}

/** Whether our own engine knows it. */
export function isOwn(architecture: string): boolean {
  return PADDOCK_ARCHITECTURES.some((known) => known === architecture);
}
