/** What this device has: the host's report, and what only the page can see. */
import { browserFacts } from '#core/diagnosis/browser';
import type { PageFacts } from '#core/diagnosis/findings';
import { wasmFeatures } from '#core/diagnosis/wasm-features';
import type { DeviceReport } from '#core/paddock-api';
import { getJson, postJson } from '$lib/client/ask-host';

/** What the host measured; `again` has it measure anew. @throws PaddockError */
export function deviceReport(again: boolean): Promise<DeviceReport> {
  const path = 'api/paddock/device';
  return again ? postJson<DeviceReport>(path, {}) : getJson<DeviceReport>(path);
}

/** At any address, with or without a host. */
export async function pageFacts(): Promise<Omit<PageFacts, 'storage_denied'>> {
  return {
    browser: await browserFacts(navigator),
    languages: [...navigator.languages],
    secure: isSecureContext,
    isolated: crossOriginIsolated,
    webgpu: 'gpu' in navigator,
    wasm: wasmFeatures(),
    cores: navigator.hardwareConcurrency,
    service_worker: await workerState(),
    persist: await persistPermission(),
  };
}

/** Calls `changed` when the service worker takes this page over; returns what ends that. */
export function watchControl(changed: () => void): () => void {
  if (!('serviceWorker' in navigator)) return () => {};
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('controllerchange', changed);
  return () => serviceWorker.removeEventListener('controllerchange', changed);
}

/** Whether the service worker answers this page's requests, and if not, how far it is. */
export async function workerState(): Promise<PageFacts['service_worker']> {
  if (!('serviceWorker' in navigator)) return 'unsupported';
  if (navigator.serviceWorker.controller) return 'controls';
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    if (!registration) return 'none';
    return registration.active?.state === 'activated' ? 'idle' : 'starting';
  } catch {
    return 'none'; // the browser refuses it with the site's storage
  }
}

async function persistPermission(): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name: 'persistent-storage' })).state;
  } catch {
    return null; // Safari does not know that name
  }
}
