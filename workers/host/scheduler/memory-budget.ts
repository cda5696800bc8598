/** How much memory models take beside each other, and how much of this device's they may. */
import type { EngineInfo, LoadOptions, RunnerModel } from '#core/engine';
import { DEVICE_CAP, fitSum, WANTED } from '#core/fit';
import { gpuSum } from '#core/fit-gpu';
import { graphicsMemory } from '#core/graphics-memory';
import type { DeviceLimits } from '#core/paddock-api';

/** Bytes, by where they are claimed: on the graphics adapter, and for the CPU. */
export interface MemoryNeed {
  graphics: number;
  processor: number;
}

/** Bytes that several models may take; `both`: all of them together. */
export interface MemoryBudget extends MemoryNeed {
  both: number;
}

/** Nobody knows what there is: one model at a time. */
export const NO_BUDGET: MemoryBudget = { graphics: 0, processor: 0, both: 0 };

/** Bytes a parameter of a file with 4 bits for each, its scales among them: the most parameters that are likely. */
const BYTES_PER_PARAMETER = 0.55;

/**
 * Half of the device's memory for all models together, since the page, the system and others need the rest; where the
 * browser does not tell it, half of the largest memory that could be reserved. Graphics adapters tell nothing, and
 * many, those of all phones among them, have no memory but the device's: only where the browser tells of more than 8 GiB
 * (phones say no more, so that may be all there is) do adapter and CPU have budgets of their own, the adapter's as
 * `graphicsMemory` counts it.
 */
export function memoryBudget(
  limits: Pick<DeviceLimits, 'memory32' | 'device_memory'>,
): MemoryBudget {
  const { memory32, device_memory: device } = limits;
  const half = (device ?? memory32) / 2;
  const graphics = graphicsMemory(limits).certain;
  const isLarge = device !== null && device > DEVICE_CAP;
  return { graphics, processor: half, both: isLarge ? graphics + half : half };
}

/** What a loaded model has claimed, as its engine says. */
export function taken({ backend, bytes }: EngineInfo): MemoryNeed {
  return on(backend === 'webgpu', bytes.weights + bytes.cache + (bytes.compute ?? 0));
}

/** What a model will claim that was never loaded here: its files, and the rest from their size. */
export function estimate(
  { format, size }: RunnerModel,
  { num_ctx, num_gpu }: LoadOptions,
  { adapter, threads }: Pick<DeviceLimits, 'adapter' | 'threads'>,
): MemoryNeed {
  const context = num_ctx || WANTED;
  const model = { size, parameters: size / BYTES_PER_PARAMETER, context };
  const hasAdapter = adapter !== null && (!adapter.software || num_gpu > 0);
  const onAdapter = format === 'mlc' || (num_gpu !== 0 && hasAdapter);
  return onAdapter
    ? on(true, gpuSum(model, context).total)
    : on(false, fitSum(model, 'paddock', context, threads).total);
}

/**
 * Whose end would help where `all` and `next` are together over the budget; undefined: they are not. What the next one
 * claims nothing of does not count.
 */
export function short(
  budget: MemoryBudget,
  all: readonly MemoryNeed[],
  next: MemoryNeed,
): ((one: MemoryNeed) => boolean) | undefined {
  const sum = (of: keyof MemoryNeed) => all.reduce((bytes, one) => bytes + one[of], next[of]);
  const [graphics, processor] = [sum('graphics'), sum('processor')];
  const isShort = {
    graphics: next.graphics > 0 && graphics > budget.graphics,
    processor: next.processor > 0 && processor > budget.processor,
    both: graphics + processor > budget.both,
  };
  if (isShort.both) return () => true;
  if (isShort.graphics) return (one) => one.graphics > 0;
  return isShort.processor ? (one) => one.processor > 0 : undefined;
}

function on(adapter: boolean, bytes: number): MemoryNeed {
  return { graphics: adapter ? bytes : 0, processor: adapter ? 0 : bytes };
}
