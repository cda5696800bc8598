/** In one sentence: what runs here, and on what. */
import type { DeviceReport } from '#core/paddock-api';
import type { Findings } from './findings';
import { lacks } from './lacks';

export function verdict(findings: Findings): string {
  const { report, page } = findings;
  if (!page.secure) {
    return 'No model runs here: the address is not secure, so the browser switches off what models need.';
  }
  if (page.storage_denied) {
    return 'No model runs here: the browser refuses this site its storage, where models are kept.';
  }
  if (!page.wasm.simd) return 'No model runs here: this browser’s WebAssembly has no SIMD.';
  if (!report) return 'Paddock does not answer in this tab, so only a part is known.';
  if (report.memory32 === 0) return 'No model runs here: the browser gives no memory for one.';
  const cpu = onCpu(report);
  const { adapter } = report;
  if (!adapter) return `Models run ${cpu}: ${NO_ADAPTER[report.webgpu.missing ?? 'no_adapter']}.`;
  if (adapter.slow) {
    return `Models run ${cpu}: the graphics adapter (${adapter.name}) is the processor itself, and not faster.`;
  }
  if (lacks(findings).includes('adapter_limits')) {
    // No GGUF model is run on a software adapter unasked.
    return adapter.software
      ? `Models run ${cpu}: the limits of the graphics adapter (${adapter.name}) are too small for MLC models.`
      : `${adapter.f16 ? 'GGUF models' : KNOWN} run on your graphics adapter (${adapter.name}), and ${cpu} where one does not fit it; its limits are too small for MLC models.`;
  }
  const mlc = adapter.f16 ? 'MLC models' : 'MLC models with 32-bit floats';
  if (adapter.software) {
    return `${mlc} run on the graphics adapter (${adapter.name}), which is software and faster here; others run ${cpu}.`;
  }
  return adapter.f16
    ? `Models run on your graphics adapter (${adapter.name}), and ${cpu} where one does not fit it.`
    : `${KNOWN} and ${mlc} run on your graphics adapter (${adapter.name}), which has no 16-bit floats; others run ${cpu}.`;
}

/** What needs nothing of an adapter but that it is there. */
const KNOWN = 'GGUF models that Paddock’s own engine knows';

const NO_ADAPTER: Record<NonNullable<DeviceReport['webgpu']['missing']>, string> = {
  insecure: 'the address is not secure',
  no_webgpu: 'this browser has no WebGPU',
  no_adapter: 'the browser gives no graphics adapter',
  refused: 'the browser’s graphics do not answer',
};

function onCpu({ threads }: DeviceReport): string {
  return `on the CPU with ${threads === 1 ? 'one thread' : `${threads} threads`}`;
}
