/** What the choice of an engine for GGUF has to choose from. */
import { whatWentWrong } from '#core/ask-adapter';
import type { LoadOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { WebGpuProbes } from '#core/webgpu-probe';
import type { Engine, LoadedModel } from '../engine';

/** Each is loaded when it is first needed. */
export interface GgufEngines {
  /** On the CPU. */
  paddock(): Promise<Engine>;
  paddockGpu(): Promise<Engine>;
  wllama(): Promise<Engine>;
  probe(layers: number): Promise<WebGpuProbes>;
}

/** Loads the model with one of them. */
export type LoadWith = (
  engine: () => Promise<Engine>,
  options: LoadOptions,
) => Promise<LoadedModel>;

/**
 * What a browser or a fault of ours throws there is `engine_failed`, since the CPU may do without it.
 * @throws PaddockError `out_of_memory` (detail: backend), by which the scheduler knows to offer the CPU
 */
export async function loadOnGpu(
  engine: () => Promise<Engine>,
  options: LoadOptions,
  load: LoadWith,
  signal: AbortSignal,
): Promise<LoadedModel> {
  try {
    return await load(engine, options);
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof PaddockError)) {
      console.warn('Our engine failed on the graphics adapter.', error);
      throw new PaddockError('engine_failed', whatWentWrong(error));
    }
    if (error.code !== 'out_of_memory') throw error;
    throw new PaddockError(error.code, error.message, { ...error.detail, backend: 'webgpu' });
  }
}
