/** Runs in the page: what `scripts/bench/gpu.ts` asks for. */
import { adapterName, isSoftware } from '#core/adapter-name';
import { askAdapter } from '#core/ask-adapter';
import { load } from './contestants';
import { measureMatvec } from './matvec';
import { measureRounds } from './rounds';

export interface Adapter {
  name: string;
  /** The processor plays it. */
  software: boolean;
  f16: boolean;
}

const api = {
  /** @throws Error where the browser has none */
  async adapter(): Promise<Adapter> {
    const { adapter } = await askAdapter();
    if (!adapter) throw new Error('This browser has no graphics adapter.');
    const { info, features } = adapter;
    return {
      name: adapterName(info),
      software: isSoftware(info),
      f16: features.has('shader-f16'),
    };
  },
  load,
  rounds: measureRounds,
  matvec: measureMatvec,
};

export type GpuApi = typeof api;

Object.assign(globalThis, { benchGpu: api });
document.title = 'ready';
