/** Products cut into dispatches: matrices that share one where they lie whole, else a dispatch a part. */
import type { Product, Segment } from '../kernels/webgpu/products';
import type { GpuMatrix } from './parts';
import type { Named } from './programs';
import type { GpuWeights, LoadedPart } from './weights';

/** One dispatch's share of a product. */
export interface Piece {
  product: Product;
  /** Its planes. */
  planes: Named;
}

/** `segments` and `columns` come from the matrices. */
export type Rest = Omit<Product, 'segments' | 'columns' | 'outWidth'>;

/** The rows of `matrices` are those of `out`, one matrix below the other. */
export function stackedPieces(
  weights: GpuWeights,
  matrices: readonly GpuMatrix[],
  rest: Rest,
): Piece[] {
  const outWidth = matrices.reduce((sum, { rows }) => sum + rows, 0);
  let start = 0;
  const segments = matrices.flatMap((matrix) => {
    const placed = weights
      .parts(matrix)
      .map((part) => ({ matrix, part, row: start + part.firstRow }));
    start += matrix.rows;
    return placed;
  });
  const together = segments.length <= 2 && segments.length === matrices.length;
  const shares = together ? [segments] : segments.map((segment) => [segment]);
  return shares.map((share) => ({
    product: {
      ...rest,
      outWidth,
      columns: matrices[0]!.columns,
      segments: share.map(({ matrix, part, row }) => segmentOf(matrix, part, row)),
    },
    planes: planesOf(share.map(({ part }) => part)),
  }));
}

/** Row by row of both: parted at the same rows. */
export function gatedPieces(
  weights: GpuWeights,
  gate: GpuMatrix,
  up: GpuMatrix,
  rest: Rest,
): Piece[] {
  const ups = weights.parts(up);
  return weights.parts(gate).map((part, at) => ({
    product: {
      ...rest,
      outWidth: gate.rows,
      columns: gate.columns,
      segments: [segmentOf(gate, part, part.firstRow), segmentOf(up, ups[at]!, part.firstRow)],
    },
    planes: planesOf([part, ups[at]!]),
  }));
}

export function planesOf(parts: readonly LoadedPart[]): Named {
  const [first, second] = parts;
  return {
    codes: first!.codes,
    scales: first!.scales,
    codes1: second?.codes,
    scales1: second?.scales,
  };
}

function segmentOf({ type }: GpuMatrix, { rows }: LoadedPart, firstRow: number): Segment {
  return { type, rows, firstRow };
}
