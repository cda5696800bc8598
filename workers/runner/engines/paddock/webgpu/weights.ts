/** A model on the adapter: what the program binds. */
import type { GpuMatrix } from './parts';
import type { ActivationName } from './activations';
import type { GpuPlan } from './plan';
import type { GpuVector } from './vectors';

/** Rows of a matrix, ready to be bound. */
export interface LoadedPart {
  /** In the whole matrix. */
  firstRow: number;
  rows: number;
  codes: GPUBufferBinding;
  /** Undefined: a type without. */
  scales: GPUBufferBinding | undefined;
}

export interface GpuWeights {
  readonly plan: GpuPlan;
  /** In the order of their rows. */
  parts(matrix: GpuMatrix): readonly LoadedPart[];
  vector(vector: GpuVector): GPUBufferBinding;
  /** One a layer. */
  readonly caches: readonly { keys: GPUBuffer; values: GPUBuffer }[];
  readonly buffers: Readonly<Record<ActivationName, GPUBuffer>>;
}
