/**
 * GGUF models: Paddock's own engine on WebGPU; what it does not know llama.cpp on WebGPU, where the adapter has
 * `shader-f16`; without an adapter, or where it is of no use, our own on the CPU; and llama.cpp there last.
 */
import type { Backend, LoadOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import { probeWebGpu } from '#core/webgpu-probe';
import type { Engine, LoadedModel } from '../engine';
import { loadOnGpu, type GgufEngines, type LoadWith } from './gguf-load';
import { loadNamed } from './gguf-named';

export function chooseEngine(engines: GgufEngines): Engine {
  return {
    name: 'gguf',
    async load(model, weights, options, context) {
      const load: LoadWith = async (engine, own) =>
        (await engine()).load(model, weights, own, context);
      return options.engine === undefined
        ? loadBest(engines, options, load)
        : loadNamed(engines, options, load);
    },
  };
}

export const ggufEngine = chooseEngine({
  paddock: async () => (await import('./paddock/engine')).createPaddockEngine(),
  paddockGpu: async () => (await import('./paddock/gpu-engine')).createPaddockGpuEngine(),
  wllama: async () => (await import('./wllama/engine')).wllamaEngine,
  probe: probeWebGpu,
});

async function loadBest(
  { paddock, paddockGpu, wllama, probe }: GgufEngines,
  options: LoadOptions,
  load: LoadWith,
): Promise<LoadedModel> {
  // Ours is on its way while the adapter is asked for: it is small, and many need it.
  const ours = paddock();
  ours.catch(() => {}); // awaited below, where it is needed
  const found = await probe(options.num_gpu);
  /** What our own engine refused last. */
  let refusal: PaddockError | undefined;
  /** Undefined where it refused. */
  const tryOurs = async (loading: Promise<LoadedModel>, backend: Backend) => {
    try {
      return await loading;
    } catch (error) {
      if (!mayRunElsewhere(error, backend)) throw error;
      refusal = error;
      return undefined;
    }
  };
  let loaded: LoadedModel | undefined;
  if (found.paddock.usable) loaded = await tryOurs(loadOnGpu(paddockGpu, options, load), 'webgpu');
  // llama.cpp takes the adapter before the CPU is tried.
  if (!loaded && !found.wllama.usable) loaded = await tryOurs(onCpu(), 'wasm');
  loaded ??= await load(wllama, options).catch((error: unknown) => {
    throw refusal ? sharper(refusal, error) : error;
  });
  if (refusal) {
    const { message: reason, detail } = refusal;
    const { report } = detail;
    const told = typeof report === 'string' && { report };
    loaded.info.refused = { engine: 'paddock', reason, ...told };
  }
  return loaded;

  async function onCpu(): Promise<LoadedModel> {
    const model = await load(() => ours, options);
    model.info.noWebGpu = found.paddock.usable ? 'gpu_refused' : found.paddock.reason;
    return model;
  }
}

/**
 * llama.cpp forgives keys and lists that are wrong; values that are not numbers it only fails to see. An adapter that
 * is too small, computes wrong or does not take our shaders says nothing of other engines.
 */
function mayRunElsewhere(error: unknown, backend: Backend): error is PaddockError {
  if (!(error instanceof PaddockError)) return false;
  const { code, detail } = error;
  if (code === 'model_unreadable') return detail.tensor === undefined;
  if (backend === 'webgpu' && (code === 'no_gpu' || code === 'engine_failed')) return true;
  return code === 'not_supported';
}

/** Our own words name the fault; llama.cpp's count where it knew the file, and something else went wrong. */
function sharper(first: PaddockError, second: unknown): unknown {
  if (first.code !== 'model_unreadable') return second;
  const other = second instanceof PaddockError ? second.code : '';
  return other === 'aborted' || other === 'out_of_memory' ? second : first;
}
