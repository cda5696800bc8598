/** All that the Diagnostics page knows: the host's report, and what only a page can see. */
import type { BrowserFacts, DeviceReport, WasmFeatures } from '#core/paddock-api';

export interface PageFacts {
  browser: BrowserFacts;
  languages: string[];
  /** HTTPS, or this computer. */
  secure: boolean;
  isolated: boolean;
  /** The page has `navigator.gpu`; workers may have none all the same. */
  webgpu: boolean;
  wasm: WasmFeatures;
  cores: number;
  /** `starting`: it takes the page over soon; `idle`: it is active, and does not control this page. */
  service_worker: 'unsupported' | 'none' | 'starting' | 'idle' | 'controls';
  /** Whether the browser would keep the data for good when asked; null: it does not say. */
  persist: PermissionState | null;
  /** The browser refuses this site its storage. */
  storage_denied: boolean;
}

export interface Findings {
  /** Null while no host answers, as at an insecure address. */
  report: DeviceReport | null;
  page: PageFacts;
}

/** What can be missing, each with a remedy. */
export type Lack =
  | 'secure'
  | 'webgpu'
  | 'webgpu_in_workers'
  | 'adapter'
  | 'adapter_answer'
  | 'fast_adapter'
  | 'shader_f16'
  | 'adapter_limits'
  | 'isolation'
  | 'simd'
  | 'relaxed_simd'
  | 'newer_wasm'
  | 'memory'
  | 'storage'
  | 'files'
  | 'room'
  | 'persistence'
  | 'service_worker'
  | 'control';
