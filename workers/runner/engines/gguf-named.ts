/** The engine that was named, on the backend that was asked for: what was measured on another says nothing of this. */
import type { GgufEngine, LoadOptions, NoWebGpuReason } from '#core/engine';
import { engineName } from '#core/engine-words';
import { PaddockError } from '#core/errors';
import type { LoadedModel } from '../engine';
import { loadOnGpu, type GgufEngines, type LoadWith } from './gguf-load';

/** Ollama's `num_gpu` for any adapter, one that the processor plays too. */
const ANY_ADAPTER = 99_999;

/** @throws PaddockError `no_gpu`, `not_supported`, or what the engine says */
export async function loadNamed(
  engines: GgufEngines,
  options: LoadOptions,
  load: LoadWith,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const { engine } = options;
  if (engine !== 'paddock' && engine !== 'wllama') {
    throw new PaddockError('not_supported', `The engine "${engine}" runs no GGUF models.`);
  }
  if (options.num_gpu === 0) {
    const loaded = await load(engines[engine], options);
    loaded.info.noWebGpu = 'asked_cpu';
    return loaded;
  }
  const found = (await engines.probe(ANY_ADAPTER))[engine];
  if (!found.usable) throw noGpu(engine, found.reason);
  const any = { ...options, num_gpu: ANY_ADAPTER };
  if (engine === 'paddock') return loadOnGpu(engines.paddockGpu, any, load, signal);
  const loaded = await load(engines.wllama, any);
  if (loaded.info.backend === 'webgpu') return loaded;
  await loaded.close();
  throw noGpu(engine, 'engine_fell_back');
}

function noGpu(engine: GgufEngine, reason: NoWebGpuReason): PaddockError {
  const lacks = new Map<NoWebGpuReason, string>([
    ['no_shader_f16', 'shader-f16'],
    ['engine_fell_back', 'what llama.cpp needs'],
  ]);
  const message = `${engineName({ engine })} has no graphics adapter here: ${reason}.`;
  return new PaddockError('no_gpu', message, { missing: lacks.get(reason) ?? 'adapter' });
}
