/** Whether llama.cpp's WebGPU kernels can run here: they need an adapter with `shader-f16`. */
import { adapterName, isSoftware } from '#core/adapter-name';
import { askAdapter } from '#core/ask-adapter';
import type { NoWebGpuReason } from '#core/engine';

export type WebGpuProbe =
  { usable: true; adapter: string } | { usable: false; reason: NoWebGpuReason };

/** @param layers Ollama's `num_gpu`: 0 keeps to the CPU, a number of layers takes any adapter */
export async function probeWebGpu(layers: number): Promise<WebGpuProbe> {
  if (layers === 0) return { usable: false, reason: 'asked_cpu' };
  const asked = await askAdapter();
  if (!asked.adapter) {
    const { missing } = asked;
    const without = missing === 'no_webgpu' || missing === 'insecure';
    return { usable: false, reason: without ? 'no_webgpu' : 'no_adapter' };
  }
  const { adapter } = asked;
  if (!adapter.features.has('shader-f16')) return { usable: false, reason: 'no_shader_f16' };
  // The processor plays the adapter, with less of its speed than the engines for the CPU have.
  if (layers < 0 && isSoftware(adapter.info)) return { usable: false, reason: 'software_adapter' };
  return { usable: true, adapter: adapterName(adapter.info) };
}
