/** What to do about each missing thing, in this browser on this system. Versions are those that brought a thing. */
import * as m from '#core/messages/diagnostics';
import { spoken } from '#core/language';
import type { BrowserFacts } from '#core/paddock-api';
import type { Lack } from './findings';
import { adapterRemedy, webGpuRemedy } from './webgpu-remedies';

type Writer = (browser: BrowserFacts) => string;

/** One or two sentences. */
export function remedy(lack: Lack, browser: BrowserFacts): string {
  return REMEDIES[lack](browser);
}

const REMEDIES: Record<Lack, Writer> = {
  secure: () => m.diagnostics_fix_secure(),
  webgpu: webGpuRemedy,
  webgpu_in_workers: ({ name }) =>
    name === 'Firefox' ? m.diagnostics_fix_workers_firefox() : m.diagnostics_fix_workers(),
  adapter: adapterRemedy,
  adapter_answer: () => m.diagnostics_fix_adapter_answer(),
  fast_adapter: (browser) =>
    m.diagnostics_fix_fast_adapter({ remedy: afterColon(adapterRemedy(browser)) }),
  shader_f16: ({ system }) =>
    system === 'Linux' ? m.diagnostics_fix_f16_linux() : m.diagnostics_fix_f16(),
  adapter_limits: () => m.diagnostics_fix_adapter_limits(),
  isolation: () => m.diagnostics_fix_isolation(),
  simd: () => m.diagnostics_fix_simd(),
  relaxed_simd: ({ name }) =>
    name === 'Safari' || name === 'Firefox'
      ? m.diagnostics_fix_relaxed_later()
      : m.diagnostics_fix_relaxed_newer(),
  newer_wasm: () => m.diagnostics_fix_newer_wasm(),
  memory: ({ system, mobile }) =>
    mobile || system === 'iOS' || system === 'iPadOS'
      ? m.diagnostics_fix_memory_phone()
      : m.diagnostics_fix_memory(),
  storage: () => m.diagnostics_fix_storage(),
  files: ({ name }) =>
    name === 'Firefox' || name === 'Safari'
      ? m.diagnostics_fix_files_private({ browser: name })
      : m.diagnostics_fix_files(),
  room: () => m.diagnostics_fix_room(),
  persistence: ({ name, system }) => {
    if (system === 'iOS' || system === 'iPadOS') {
      return m.diagnostics_fix_persist_phone();
    }
    if (name === 'Firefox') {
      return m.diagnostics_fix_persist_firefox();
    }
    return m.diagnostics_fix_persist();
  },
  service_worker: ({ name }) =>
    name === 'Firefox' ? m.diagnostics_fix_worker_firefox() : m.diagnostics_fix_worker(),
  control: () => m.diagnostics_fix_control(),
};

/** English goes on in lower case behind a colon, others begin a sentence. */
function afterColon(text: string): string {
  return spoken().tag === 'en' ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
