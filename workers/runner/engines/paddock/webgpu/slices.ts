/** The pieces in which matrices are read: rows of one tensor that lie in one part, small enough to hold. */
import { rowBytes } from '../memory/sizes';
import type { GpuMatrix, Part, Source } from './parts';

/** Bytes of the file at most. */
const SLICE = 4 * 1024 ** 2;

/** Rows of a slice are a multiple of this, but for a part's last: their scales then fill whole words. */
const ROWS = 2;

export interface Slice {
  /** The tensor's name. */
  name: string;
  type: number;
  /** In the file. */
  offset: number;
  /** Bytes in the file. */
  length: number;
  rows: number;
  columns: number;
  /** The number of the part, and the first row in it. */
  part: number;
  row: number;
  interleave: number;
}

/** @param dataOffset bytes from the file's start to its first tensor */
export function slicesOf({ parts, sources }: GpuMatrix, dataOffset: number, most = SLICE): Slice[] {
  return parts.flatMap((part, at) =>
    sources.flatMap((source) =>
      cut(source, part, dataOffset, most).map((slice) => ({ ...slice, part: at })),
    ),
  );
}

function cut(
  { tensor: matrix, firstRow, interleave }: Source,
  part: Part,
  dataOffset: number,
  most: number,
): Omit<Slice, 'part'>[] {
  const { type, columns, tensor } = matrix;
  const bytes = rowBytes(matrix);
  const unit = interleave || ROWS;
  const step = Math.max(unit, Math.floor(most / bytes / unit) * unit);
  const start = Math.max(part.firstRow, firstRow);
  const end = Math.min(part.firstRow + part.rows, firstRow + matrix.rows);
  const slices: Omit<Slice, 'part'>[] = [];
  for (let row = start; row < end; row += step) {
    const rows = Math.min(step, end - row);
    const offset = dataOffset + tensor.offset + (row - firstRow) * bytes;
    slices.push({
      ...{ name: tensor.name, type, columns, rows, interleave, offset },
      ...{ length: rows * bytes, row: row - part.firstRow },
    });
  }
  return slices;
}
