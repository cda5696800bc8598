/** Which engine would run a model of the catalogue, before its file is here. */
import type { DeviceLimits, UsableEngine } from '#core/paddock-api';
import { PADDOCK_ARCHITECTURES } from '#core/paddock-limits';
import type { CatalogueEntry } from './catalogue';

type Runnable = Pick<CatalogueEntry, 'architecture' | 'capabilities'>;

/** As `runner/engines/gguf.ts` chooses: ours where it knows the model, on any real adapter; else llama.cpp. */
export function runBy(model: Runnable, { adapter }: Pick<DeviceLimits, 'adapter'>): UsableEngine {
  const real = adapter !== null && !adapter.software;
  if (isOwn(model)) return { engine: 'paddock', backend: real ? 'webgpu' : 'wasm' };
  return { engine: 'wllama', backend: real && adapter.f16 ? 'webgpu' : 'wasm' };
}

/** Whether our own engine knows it: of what architecture ever, it makes no embeddings and sees no images. */
export function isOwn({ architecture, capabilities }: Runnable): boolean {
  return (
    capabilities.includes('completion') &&
    !capabilities.includes('vision') &&
    PADDOCK_ARCHITECTURES.some((known) => known === architecture)
  );
}
