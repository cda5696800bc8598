/** Paddock's own engine on a graphics adapter; a module of its own, since its shaders are only loaded for it. */
import type { Engine } from '../../engine';
import { PaddockModel } from './model';
import { loadGpuParts, type GpuEngineSettings } from './webgpu/load-parts';

export type { GpuEngineSettings };

export function createPaddockGpuEngine(settings: GpuEngineSettings = {}): Engine {
  return {
    name: 'paddock',
    load: async (model, weights, options, context) =>
      new PaddockModel(await loadGpuParts(settings, model, weights, options, context)),
  };
}
