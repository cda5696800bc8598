/**
 * GGUF models: Paddock's own engine on WebGPU; what it does not know llama.cpp on WebGPU, where the adapter has
 * `shader-f16`; without an adapter, or where it is of no use, our own on the CPU; and llama.cpp there last.
 */
import type { LoadOptions } from '#core/engine';
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
  paddockGpu: () =>
    Promise.reject(new PaddockError('not_supported', 'Paddock has no engine on WebGPU yet.')),
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
  const tryOurs = async (loading: Promise<LoadedModel>) => {
    try {
      return await loading;
    } catch (error) {
      if (!mayRunElsewhere(error)) throw error;
      refusal = error;
      return undefined;
    }
  };
  let loaded: LoadedModel | undefined;
  if (found.paddock.usable) loaded = await tryOurs(loadOnGpu(paddockGpu, options, load));
  // llama.cpp takes the adapter before the CPU is tried.
  if (!loaded && !found.wllama.usable) loaded = await tryOurs(onCpu());
  loaded ??= await load(wllama, options).catch((error: unknown) => {
    throw refusal ? sharper(refusal, error) : error;
  });
  if (refusal) loaded.info.refused = { engine: 'paddock', reason: refusal.message };
  return loaded;

  async function onCpu(): Promise<LoadedModel> {
    const model = await load(() => ours, options);
    model.info.noWebGpu = found.paddock.usable ? 'gpu_refused' : found.paddock.reason;
    return model;
  }
}

/**
 * llama.cpp forgives keys and lists that are wrong; values that are not numbers it only fails to see. An adapter that
 * our engine cannot use, or that computed wrong, is nothing to the CPU.
 */
function mayRunElsewhere(error: unknown): error is PaddockError {
  if (!(error instanceof PaddockError)) return false;
  if (error.code === 'model_unreadable') return error.detail.tensor === undefined;
  return error.code === 'not_supported' || error.code === 'no_gpu';
}

/** Our own words name the fault; llama.cpp's count where it knew the file, and something else went wrong. */
function sharper(first: PaddockError, second: unknown): unknown {
  if (first.code !== 'model_unreadable') return second;
  const other = second instanceof PaddockError ? second.code : '';
  return other === 'aborted' || other === 'out_of_memory' ? second : first;
}
