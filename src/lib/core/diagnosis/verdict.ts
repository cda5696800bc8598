/** In one sentence: what runs here, and on what. */
import * as m from '#core/messages/diagnostics';
import type { DeviceReport } from '#core/paddock-api';
import type { Findings } from './findings';
import { lacks } from './lacks';

export function verdict(findings: Findings): string {
  const { report, page } = findings;
  if (!page.secure) {
    return m.diagnostics_verdict_insecure();
  }
  if (page.storage_denied) {
    return m.diagnostics_verdict_denied();
  }
  if (!page.wasm.simd) return m.diagnostics_verdict_simd();
  if (!report) return m.diagnostics_verdict_part();
  if (report.memory32 === 0) return m.diagnostics_verdict_memory();
  const { adapter, threads } = report;
  if (!adapter) return NO_ADAPTER[report.webgpu.missing ?? 'no_adapter']({ threads });
  const { name, f16, software } = adapter;
  const said = { name, threads };
  if (adapter.slow) return m.diagnostics_verdict_cpu_slow(said);
  if (lacks(findings).includes('adapter_limits')) {
    // No GGUF model is run on a software adapter unasked.
    if (software) return m.diagnostics_verdict_cpu_limits(said);
    return f16 ? m.diagnostics_verdict_gguf(said) : m.diagnostics_verdict_gguf_known(said);
  }
  if (software) {
    return f16 ? m.diagnostics_verdict_software(said) : m.diagnostics_verdict_software_f32(said);
  }
  return f16 ? m.diagnostics_verdict_adapter(said) : m.diagnostics_verdict_adapter_f32(said);
}

type Reason = NonNullable<DeviceReport['webgpu']['missing']>;

const NO_ADAPTER: Record<Reason, (said: { threads: number }) => string> = {
  insecure: m.diagnostics_verdict_cpu_insecure,
  no_webgpu: m.diagnostics_verdict_cpu_no_webgpu,
  no_adapter: m.diagnostics_verdict_cpu_no_adapter,
  refused: m.diagnostics_verdict_cpu_refused,
};
