/** Which engine would run a model of the catalogue, before its file is here. */
import type { DeviceLimits, EngineChoice } from '#core/paddock-api';
import { PADDOCK_ARCHITECTURES } from '#core/paddock-limits';
import type { CatalogueEntry } from './catalogue';

/** As `runner/engines/gguf.ts` chooses: ours where it knows the architecture, on any real adapter; else llama.cpp. */
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
  const real = adapter !== null && !adapter.software;
  if (isOwn(architecture)) {
    return { engine: 'paddock', backend: real ? 'webgpu' : 'wasm', ...note };
  }
  return { engine: 'wllama', backend: real && adapter.f16 ? 'webgpu' : 'wasm', ...note };
}

/** Whether our own engine knows it. */
export function isOwn(architecture: string): boolean {
  return PADDOCK_ARCHITECTURES.some((known) => known === architecture);
}
