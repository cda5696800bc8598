/**
 * GGUF models: Paddock's own engine on WebGPU; what it does not know llama.cpp on WebGPU, where the adapter has
 * `shader-f16`; without an adapter, or where it is of no use, our own on the CPU; and llama.cpp there last. Models that
 * see are llama.cpp's at once.
 */
import type { Backend, LoadOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import { probeWebGpu } from '#core/webgpu-probe';
import type { Engine, LoadedModel } from '../engine';
import { loadOnGpu, type GgufEngines, type LoadWith } from './gguf-load';
import { loadNamed } from './gguf-named';
import { loadSeeing } from './gguf-seeing';
import { hasProjector, withoutProjector, type Given } from './projector';

export function chooseEngine(engines: GgufEngines): Engine {
  return {
    name: 'gguf',
    async load(model, blobs, options, context) {
      const { signal } = context;
      const by = (given: Given): LoadWith => {
        return async (engine, own) =>
          (await engine()).load(given.model, given.blobs, own, given.context);
      };
      const whole = { model, blobs, context };
      const load = by(withoutProjector(whole));
      // What is measured reads text.
      if (options.engine !== undefined) return loadNamed(engines, options, load, signal);
      const loadText = () => loadBest(engines, options, load, signal);
      if (!hasProjector(model)) return loadText();
      return loadSeeing(() => by(whole)(engines.wllama, options), loadText, signal);
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
  signal: AbortSignal,
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
  if (found.paddock.usable) {
    loaded = await tryOurs(loadOnGpu(paddockGpu, options, load, signal), 'webgpu');
  }
  // A model that ours does not know llama.cpp takes on the adapter; an adapter that failed ours is left alone.
  const leftAlone = refusal !== undefined && faultOfAdapter(refusal);
  if (!loaded && (leftAlone || !found.wllama.usable)) loaded = await tryOurs(onCpu(), 'wasm');
  const rest = leftAlone ? { ...options, num_gpu: 0 } : options;
  loaded ??= await load(wllama, rest).catch((error: unknown) => {
    throw refusal ? sharper(refusal, error) : error;
  });
  if (leftAlone) loaded.info.noWebGpu = 'gpu_refused';
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

/** llama.cpp forgives keys and lists that are wrong; values that are not numbers it only fails to see. */
function mayRunElsewhere(error: unknown, backend: Backend): error is PaddockError {
  if (!(error instanceof PaddockError)) return false;
  const { code, detail } = error;
  if (code === 'model_unreadable') return detail.tensor === undefined;
  return code === 'not_supported' || (backend === 'webgpu' && faultOfAdapter(error));
}

/** It is too small, computes wrong or does not take our shaders: nobody checks what llama.cpp would compute there. */
function faultOfAdapter({ code }: PaddockError): boolean {
  return code === 'no_gpu' || code === 'engine_failed';
}

/** Our own words name the fault; llama.cpp's count where it knew the file, and something else went wrong. */
function sharper(first: PaddockError, second: unknown): unknown {
  if (first.code !== 'model_unreadable') return second;
  const other = second instanceof PaddockError ? second.code : '';
  return other === 'aborted' || other === 'out_of_memory' ? second : first;
}
