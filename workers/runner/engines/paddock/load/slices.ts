/** The pieces in which a model's matrices are read and packed: whole groups of rows, small enough to hold. */
import { GROUP } from '../kernels/layout';
import type { MemoryPlan } from '../memory/plan';
import { rowBytes } from '../memory/sizes';
import type { ModelSpec } from '../spec/model-spec';
import type { Matrix, ModelTensors } from '../spec/tensors';

/** One piece; can be sent to another worker. */
export interface Slice {
  /** The memory that it belongs to. */
  part: number;
  /** The tensor's name. */
  name: string;
  type: number;
  /** Bytes in the file. */
  offset: number;
  length: number;
  rows: number;
  columns: number;
  /** Where the packed rows go. */
  target: number;
  /** Rows of a head whose halves are to be interleaved; 0: rows stay in order. */
  interleave: number;
}

/** @param dataOffset bytes from the file's start to its first tensor */
export function slicesOf(
  spec: ModelSpec,
  tensors: ModelTensors,
  plans: readonly MemoryPlan[],
  dataOffset: number,
): Slice[] {
  const turned = new Set(
    spec.rope.halves ? tensors.layers.flatMap(({ query, key }) => [query, key]) : [],
  );
  return plans.flatMap((plan, part) =>
    [...plan.matrices].flatMap(([matrix, { data }]) => {
      const interleave = turned.has(matrix) ? spec.headSize : 0;
      const slices = cut(matrix, data, dataOffset, plan.stagingBytes, interleave);
      return slices.map((slice) => ({ ...slice, part }));
    }),
  );
}

function cut(
  matrix: Matrix,
  data: number,
  dataOffset: number,
  most: number,
  interleave: number,
): Omit<Slice, 'part'>[] {
  const bytes = rowBytes(matrix);
  const unit = interleave || GROUP;
  const step = Math.max(unit, Math.floor(most / bytes / unit) * unit);
  const slices: Omit<Slice, 'part'>[] = [];
  for (let row = 0; row < matrix.rows; row += step) {
    const rows = Math.min(step, matrix.rows - row);
    slices.push({
      name: matrix.tensor.name,
      type: matrix.type,
      offset: dataOffset + matrix.tensor.offset + row * bytes,
      length: rows * bytes,
      rows,
      columns: matrix.columns,
      target: data + row * bytes,
      interleave,
    });
  }
  return slices;
}
