/**
 * GGUF models: llama.cpp on WebGPU where the adapter can run it, else Paddock's own engine on the CPU, and
 * llama.cpp on the CPU for what that one does not know.
 */
import { PaddockError } from '#core/errors';
import type { Engine } from '../engine';
import { probeWebGpu, type WebGpuProbe } from '#core/webgpu-probe';

/** Each is loaded when it is first needed. */
interface GgufEngines {
  paddock(): Promise<Engine>;
  wllama(): Promise<Engine>;
  probe(layers: number): Promise<WebGpuProbe>;
}

export function chooseEngine({ paddock, wllama, probe }: GgufEngines): Engine {
  return {
    name: 'gguf',
    async load(model, weights, options, context) {
      const viaWllama = async () => (await wllama()).load(model, weights, options, context);
      // Ours is on its way while the adapter is asked for: most need it, and it is small beside llama.cpp.
      const ours = paddock();
      ours.catch(() => {}); // awaited below, where it is needed
      const found = await probe(options.num_gpu);
      if (found.usable) return viaWllama();
      try {
        const loaded = await (await ours).load(model, weights, options, context);
        loaded.info.noWebGpu = found.reason;
        return loaded;
      } catch (error) {
        if (!mayRunElsewhere(error)) throw error;
        const loaded = await viaWllama().catch((second: unknown) => {
          throw sharper(error, second);
        });
        loaded.info.refused = { engine: 'paddock', reason: error.message };
        return loaded;
      }
    },
  };
}

export const ggufEngine = chooseEngine({
  paddock: async () => (await import('./paddock/engine')).createPaddockEngine(),
  wllama: async () => (await import('./wllama/engine')).wllamaEngine,
  probe: probeWebGpu,
});

/** llama.cpp forgives keys and lists that are wrong; values that are not numbers it only fails to see. */
function mayRunElsewhere(error: unknown): error is PaddockError {
  if (!(error instanceof PaddockError)) return false;
  if (error.code === 'model_unreadable') return error.detail.tensor === undefined;
  return error.code === 'not_supported';
}

/** Our own words name the fault; llama.cpp's count where it knew the file, and something else went wrong. */
function sharper(first: PaddockError, second: unknown): unknown {
  if (first.code === 'not_supported') return second;
  const other = second instanceof PaddockError ? second.code : '';
  return other === 'aborted' || other === 'out_of_memory' ? second : first;
}
