/** Whether candidates fit in memory all at once. Arithmetic alone: where it is wrong a load fails, and they take turns. */
import { DEVICE_CAP, fitSum } from '#core/fit';
import type { DeviceLimits } from '#core/paddock-api';

/** Of the device's memory, what a browser may be expected to give a page beside all else that is there. */
const SHARE = 0.5;
/** Bytes a weight, of 4-bit quantizations and their scales: what a model's parameters are reckoned by. */
const WEIGHT = 0.6;

/** What the sum needs to know of a candidate. */
export interface Weighed {
  /** Bytes of the weights. */
  size: number;
  /** Tokens. */
  context: number;
}

export function fitSideBySide(
  candidates: readonly Weighed[],
  limits: Pick<DeviceLimits, 'device_memory' | 'memory32' | 'threads'>,
): boolean {
  const { device_memory: device, memory32, threads } = limits;
  const needed = candidates.map(({ size, context }) => {
    const model = { size, parameters: size / WEIGHT, context };
    return fitSum(model, 'wllama', context, threads).total;
  });
  const memory = device === null ? memory32 : Math.min(device, DEVICE_CAP);
  return needed.reduce((sum, one) => sum + one, 0) <= memory * SHARE;
}
