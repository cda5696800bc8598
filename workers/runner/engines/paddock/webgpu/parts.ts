/** A matrix on the adapter: rows of one tensor or of several in a row, in as many buffers as its limits ask for. */
import type { Matrix } from '../spec/tensors';
import { OFFSET_ALIGNMENT, type GpuLimits } from './limits';
import { formOf } from '../kernels/webgpu/forms';

/** Rows of a tensor, at `firstRow` of the whole matrix. */
export interface Source {
  tensor: Matrix;
  firstRow: number;
  /** Rows of a head whose halves are to be interleaved; 0: rows stay in order. */
  interleave: number;
}

/** One buffer: the codes at 0, the scales behind them. */
export interface Part {
  /** In the whole matrix. */
  firstRow: number;
  rows: number;
  codes: number;
  /** 0: a type without. */
  scales: number;
  /** Where the scales begin. */
  scalesAt: number;
  /** All of the buffer. */
  bytes: number;
}

export interface GpuMatrix {
  /** The tensors' names, joined. */
  name: string;
  type: number;
  rows: number;
  columns: number;
  sources: Source[];
  /** In the order of their rows, without gaps. */
  parts: Part[];
}

/** Rows that are parted only at multiples of this, and of a head where its rows are interleaved: kernels take several at a time. */
const ROWS = 32;

/** Tensors of one type and width, one below the other. */
export function joined(tensors: readonly (Matrix & { interleave?: number })[]): Whole {
  const { type, columns } = tensors[0]!;
  let rows = 0;
  const sources = tensors.map(({ interleave = 0, ...tensor }) => {
    const source = { tensor, firstRow: rows, interleave };
    rows += tensor.rows;
    return source;
  });
  const name = tensors.map(({ tensor }) => tensor.name).join(' + ');
  return { name, type, rows, columns, sources };
}

export type Whole = Omit<GpuMatrix, 'parts'>;

/** The rows of a part at most; 0: not even the fewest fit. */
export function mostRows({ type, columns, rows, sources }: Whole, limits: GpuLimits): number {
  const fits = (count: number) => {
    const { codes, scales, bytes } = partOf({ type, columns }, 0, count);
    return Math.max(codes, scales) <= limits.binding && bytes <= limits.buffer;
  };
  if (fits(rows)) return rows;
  const head = Math.max(...sources.map(({ interleave }) => interleave), 1);
  const unit = roundUp(ROWS, head);
  let low = 0;
  let high = Math.floor(rows / unit);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(middle * unit)) low = middle;
    else high = middle - 1;
  }
  return low * unit;
}

/** Cut after every `most` rows. */
export function inParts(whole: Whole, most: number): GpuMatrix {
  const parts: Part[] = [];
  for (let row = 0; row < whole.rows; row += most) {
    parts.push(partOf(whole, row, Math.min(most, whole.rows - row)));
  }
  return { ...whole, parts };
}

function partOf(
  { type, columns }: Pick<Whole, 'type' | 'columns'>,
  firstRow: number,
  rows: number,
): Part {
  const { block, codeBytes, scaleBytes } = formOf(type);
  const blocks = (rows * columns) / block;
  const codes = blocks * codeBytes;
  const scales = roundUp(blocks * scaleBytes, 4);
  const scalesAt = roundUp(codes, OFFSET_ALIGNMENT);
  return { firstRow, rows, codes, scales, scalesAt, bytes: scales > 0 ? scalesAt + scales : codes };
}

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
