/** The engines, by the `model_format` they run; what is large of one is loaded when its first model is. */
import type { Engine } from '../engine';
import { ggufEngine } from './gguf';

const loaders: Record<string, () => Promise<Engine>> = {
  gguf: async () => ggufEngine,
  mlc: async () => (await import('./webllm/engine')).webllmEngine,
};

if (import.meta.env.MODE === 'test') {
  loaders.fake = async () => (await import('./fake/engine')).fakeEngine;
}

export function engineFor(format: string): Promise<Engine> | undefined {
  return loaders[format]?.();
}
