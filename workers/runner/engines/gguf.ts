/**
 * GGUF models: llama.cpp on WebGPU where the adapter can run it, else Paddock's own engine on the CPU, and
 * llama.cpp on the CPU for what that one does not know.
 */
import type { LoadOptions, NoWebGpuReason } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Engine, LoadedModel } from '../engine';
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
      if (options.engine !== undefined) {
        return loadNamed({ paddock, wllama, probe }, options, async (engine, own) =>
          (await engine()).load(model, weights, own, context),
        );
      }
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

/** Ollama's `num_gpu` for any adapter, one that the processor plays too. */
const ANY_ADAPTER = 99_999;

/** The engine that was named, on the backend that was asked for: what was measured on another says nothing of this. */
async function loadNamed(
  { paddock, wllama, probe }: GgufEngines,
  options: LoadOptions,
  load: (engine: () => Promise<Engine>, options: LoadOptions) => Promise<LoadedModel>,
): Promise<LoadedModel> {
  const onCpu = options.num_gpu === 0;
  if (options.engine === 'paddock' && onCpu) {
    const loaded = await load(paddock, options);
    loaded.info.noWebGpu = 'asked_cpu';
    return loaded;
  }
  if (options.engine !== 'wllama') throw unknownEngine(options.engine, onCpu);
  if (onCpu) return load(wllama, options);
  const found = await probe(ANY_ADAPTER);
  if (!found.usable) throw noGpu(found.reason);
  const loaded = await load(wllama, { ...options, num_gpu: ANY_ADAPTER });
  if (loaded.info.backend === 'webgpu') return loaded;
  await loaded.close();
  throw noGpu('engine_fell_back');
}

function unknownEngine(name = '', onCpu: boolean): PaddockError {
  const where = onCpu ? 'the CPU' : 'a graphics adapter';
  return new PaddockError('not_supported', `The engine "${name}" runs no GGUF models on ${where}.`);
}

function noGpu(reason: NoWebGpuReason): PaddockError {
  const missing = { no_shader_f16: 'shader-f16', engine_fell_back: 'what llama.cpp needs' };
  const what = Object.hasOwn(missing, reason) ? missing[reason as keyof typeof missing] : 'adapter';
  return new PaddockError('no_gpu', `llama.cpp has no graphics adapter here: ${reason}.`, {
    missing: what,
  });
}

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
