/** Which engines for GGUF can run on the graphics adapter here. */
import { adapterName, isSoftware } from '#core/adapter-name';
import { askAdapter } from '#core/ask-adapter';
import type { GgufEngine, NoWebGpuReason } from '#core/engine';

export type WebGpuProbe =
  | { usable: true; adapter: string }
  | { usable: false; reason: NoWebGpuReason };

/** Paddock's own engine takes any adapter; llama.cpp's kernels need `shader-f16`. */
export type WebGpuProbes = Record<GgufEngine, WebGpuProbe>;

/** Why an engine cannot run on the adapter unasked; null where it can. */
export type NoWebGpu = Record<GgufEngine, NoWebGpuReason | null>;

/** @param layers Ollama's `num_gpu`: 0 keeps to the CPU, a number of layers takes any adapter */
export async function probeWebGpu(layers: number): Promise<WebGpuProbes> {
  if (layers === 0) return neither('asked_cpu');
  const asked = await askAdapter();
  if (!asked.adapter) {
    const { missing } = asked;
    const without = missing === 'no_webgpu' || missing === 'insecure';
    return neither(without ? 'no_webgpu' : 'no_adapter');
  }
  const { features, info } = asked.adapter;
  // The processor plays the adapter, with less of its speed than the engines for the CPU have.
  const paddock: WebGpuProbe =
    layers < 0 && isSoftware(info)
      ? { usable: false, reason: 'software_adapter' }
      : { usable: true, adapter: adapterName(info) };
  if (features.has('shader-f16')) return { paddock, wllama: paddock };
  return { paddock, wllama: { usable: false, reason: 'no_shader_f16' } };
}

/** What keeps each engine from the adapter where nobody asks for one. */
export async function whyNoWebGpu(): Promise<NoWebGpu> {
  const { paddock, wllama } = await probeWebGpu(-1);
  return { paddock: reasonOf(paddock), wllama: reasonOf(wllama) };
}

function neither(reason: NoWebGpuReason): WebGpuProbes {
  const probe: WebGpuProbe = { usable: false, reason };
  return { paddock: probe, wllama: probe };
}

function reasonOf(probe: WebGpuProbe): NoWebGpuReason | null {
  return probe.usable ? null : probe.reason;
}
