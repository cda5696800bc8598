/** What the limits leave out: the browser, the adapter's own words, WebAssembly, storage. One failure hides no other. */
import { browserFacts } from '#core/diagnosis/browser';
import { wasmFeatures } from '#core/diagnosis/wasm-features';
import type { InspectedDevice } from '#core/methods';
import type { AdapterFacts } from '#core/paddock-api';
import { askAdapter, whatWentWrong } from '#core/ask-adapter';
import { largestBuffer } from './largest-buffer';

/** In a worker of its own. */
export async function inspect(): Promise<InspectedDevice> {
  const failed: InspectedDevice['failed'] = {};
  return {
    browser: await browserFacts(navigator),
    languages: [...navigator.languages],
    webgpu: await webgpu(),
    wasm: wasmFeatures(),
    cores: navigator.hardwareConcurrency,
    not_isolated: crossOriginIsolated ? null : isSecureContext ? 'headers' : 'insecure',
    persisted: await persisted(),
    failed,
  };

  async function webgpu(): Promise<InspectedDevice['webgpu']> {
    const asked = await askAdapter();
    if (asked.adapter) return { missing: null, adapter: await adapterFacts(asked.adapter) };
    if (asked.error) failed.adapter = asked.error;
    return { missing: asked.missing, adapter: null };
  }

  async function adapterFacts(adapter: GPUAdapter): Promise<AdapterFacts> {
    const { vendor, architecture, device, description } = adapter.info;
    const facts = {
      vendor,
      architecture,
      device,
      description,
      features: [...adapter.features].sort(),
      limits: limitsOf(adapter.limits),
    };
    try {
      return { ...facts, largest_buffer: await largestBuffer(adapter) };
    } catch (error) {
      failed.buffer = whatWentWrong(error);
      return { ...facts, largest_buffer: null };
    }
  }

  async function persisted(): Promise<boolean | null> {
    try {
      return await navigator.storage.persisted();
    } catch (error) {
      failed.storage = whatWentWrong(error);
      return null;
    }
  }
}

/** Its values are getters of its prototype, which a spread does not see. */
function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') found[name] = value;
  }
  return found;
}
