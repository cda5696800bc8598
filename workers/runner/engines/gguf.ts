/**
 * GGUF models: llama.cpp on WebGPU where the adapter can run it, else Paddock's own engine on the CPU, and
 * llama.cpp on the CPU for what that one does not know.
 */
import { PaddockError } from '#core/errors';
import type { Engine } from '../engine';
import { probeWebGpu } from './webgpu-probe';

const paddock = async () => (await import('./paddock/engine')).createPaddockEngine();
const wllama = async () => (await import('./wllama/engine')).wllamaEngine;

export const ggufEngine: Engine = {
  name: 'gguf',
  async load(model, weights, options, context) {
    const probe = await probeWebGpu(options.num_gpu);
    if (probe.usable) return (await wllama()).load(model, weights, options, context);
    try {
      const loaded = await (await paddock()).load(model, weights, options, context);
      loaded.info.noWebGpu = probe.reason;
      return loaded;
    } catch (error) {
      if (!(error instanceof PaddockError) || error.code !== 'not_supported') throw error;
      const loaded = await (await wllama()).load(model, weights, options, context);
      loaded.info.refused = { engine: 'paddock', reason: error.message };
      return loaded;
    }
  },
};
