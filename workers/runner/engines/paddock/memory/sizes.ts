/** What things take in the engine's memory, in bytes. */
import { TENSOR_TYPES } from '#core/gguf/types';
import * as layout from '../kernels/layout';
import { CACHE_8, QUERY_ROWS, SPAN } from '../kernels/program-layout';
import type { ModelSpec } from '../spec/model-spec';
import type { Matrix } from '../spec/tensors';

/** Tokens of one prefill run: at 64 a matrix is read once for 16 tiles of 4 tokens. */
export const CHUNK = 64;

/** Of the kernels: attention's table of weights, rows of one round. */
const WEIGH_TABLE = 176;
const ROUND_ROWS = 64;

/** One row as the file has it. */
export function rowBytes({ type, columns }: Matrix): number {
  const known = TENSOR_TYPES.get(type);
  if (!known) throw new RangeError(`no tensor type ${type}`);
  return (columns / known.block) * known.bytes;
}

/** A packed matrix: whole groups of rows. */
export function matrixBytes(matrix: Matrix): number {
  return Math.ceil(matrix.rows / layout.GROUP) * layout.GROUP * rowBytes(matrix);
}

/** One position of one key-value head: integers of 16 or 8 bits, and the f32 that one step is worth. */
export function cacheRowBytes(kind: number, headSize: number): number {
  return (kind === CACHE_8 ? headSize : 2 * headSize) + 4;
}

/** Keys or values of one layer. */
export function cacheBlockBytes(spec: ModelSpec, kind: number, positions: number): number {
  return spec.keyValueHeads * positions * cacheRowBytes(kind, spec.headSize);
}

/** One head group's record of one span: for each head the largest score, the sum, two spare, the values. */
export function partialBytes(spec: ModelSpec): number {
  return (spec.heads / spec.keyValueHeads) * (4 + spec.headSize) * 4;
}

/** A thread's scratch: the larger of what attention (`attendScratch`) and a round of rows need. */
export function scratchBytes({ headSize }: ModelSpec): number {
  const line = SPAN * 4 + SPAN / 2 + 64;
  const record = 4 * (headSize + 4);
  const attention = SPAN * 4 + WEIGH_TABLE + QUERY_ROWS * (16 + 2 * headSize + line + 2 * record);
  return Math.max(attention, 4 * CHUNK * Math.max(headSize, ROUND_ROWS));
}

/** The arrays of an ACT record of `tokens` by `columns`; those of unused forms are 0. */
export function actBytes(tokens: number, columns: number, forms: number, plain: boolean) {
  const values = tokens * columns;
  const coarse = (forms & layout.FORM_COARSE) !== 0;
  const fine = (forms & layout.FORM_FINE) !== 0;
  return {
    i8: coarse && !plain ? values : 0,
    i16: coarse && plain ? 2 * values : 0,
    fine: fine ? 2 * values : 0,
    scale: coarse ? values / 8 : 0,
    sum: coarse ? values / 4 : 0,
    fineScale: fine ? values / 8 : 0,
    f32: forms & layout.FORM_F32 ? 4 * values : 0,
  };
}
