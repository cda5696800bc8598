/** How many bytes a second this device's memory gives: what bounds a token, which is mostly reading. */
import type { Bandwidth } from '#core/bench/run';
import { within } from '#core/within';
import { cpuBandwidth } from './cpu-bandwidth';
import { gpuBandwidth } from './gpu-bandwidth';

/** Milliseconds for the adapter: what hangs ends with the worker. */
const PATIENCE = 8000;

/** In a worker of its own, one after the other: both use the same memory in many devices. Some three seconds. */
export async function bandwidth(): Promise<Bandwidth> {
  return { wasm: await orElse(cpuBandwidth(), []), gpu: await orElse(patient(), null) };
}

function patient(): Promise<Bandwidth['gpu']> {
  return within(PATIENCE, gpuBandwidth(), () => {
    throw new Error(`no answer for ${PATIENCE / 1000} s`);
  });
}

/** What cannot be measured leaves the rest as it is: a run goes on without it. */
async function orElse<T>(measured: Promise<T>, none: T): Promise<T> {
  try {
    return await measured;
  } catch (error) {
    console.warn('The memory could not be measured:', error);
    return none;
  }
}
