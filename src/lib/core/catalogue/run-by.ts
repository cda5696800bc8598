/** Which engine would run a model of the catalogue, before its file is here. */
import type { DeviceLimits, UsableEngine } from '#core/paddock-api';
import { PADDOCK_ARCHITECTURES } from '#core/paddock-limits';
import type { CatalogueEntry } from './catalogue';

type Runnable = Pick<CatalogueEntry, 'architecture' | 'capabilities'>;

/** As `runner/engines/gguf.ts` chooses: ours where it knows the model, on any real adapter; else llama.cpp. */
export function runBy(model: Runnable, { adapter }: Pick<DeviceLimits, 'adapter'>): UsableEngine {
  const note = model.capabilities.includes('vision') && {
    reason: 'Text only: no engine here reads images yet.',
  };
  const real = adapter !== null && !adapter.software;
  if (isOwn(model)) return { engine: 'paddock', backend: real ? 'webgpu' : 'wasm', ...note };
  return { engine: 'wllama', backend: real && adapter.f16 ? 'webgpu' : 'wasm', ...note };
}

/** Whether our own engine knows it: of what architecture ever, it makes no embeddings. */
export function isOwn({ architecture, capabilities }: Runnable): boolean {
  return (
    capabilities.includes('completion') &&
    PADDOCK_ARCHITECTURES.some((known) => known === architecture)
  );
}
