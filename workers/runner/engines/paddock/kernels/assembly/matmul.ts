// A packed matrix times quantized activations.
import {
  ACT_F32, ACT_FINE, ACT_FINE_SCALE, ACT_I16, ACT_I8, ACT_SCALE, ACT_SUM, BF16, F16, F32, MATRIX_COLUMNS, MATRIX_DATA,
  MATRIX_GROUP_BYTES, MATRIX_ROWS, MATRIX_TYPE, Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K, Q6_K, Q8_0,
} from '../layout';
import { RELAXED, STEP } from './act';
import { fourBF16, fourF16, fourF32, oneBF16, oneF16, oneF32 } from './mat-float';
import { fourQ4_K, fourQ5_K, oneQ4_K, oneQ5_K } from './mat-large';
import { fourQ6_K, oneQ6_K } from './mat-q6k';
import { fourQ8_0, oneQ8_0 } from './mat-q8';
import { fourQ4_0, fourQ4_1, fourQ5_0, fourQ5_1, oneQ4_0, oneQ4_1, oneQ5_0, oneQ5_1 } from './mat-small';

/**
 * `tokens` activations (the ACT record `act`) by the groups of rows from `group0` to `group1` of `matrix`:
 * out[t * stride + row], f32, `stride` in floats; rows past the matrix's last are not written. A result does not
 * depend on the number of tokens, nor on how the groups are shared out, nor on the module.
 */
export function matmul(matrix: usize, act: usize, tokens: i32, group0: i32, group1: i32, out: usize, stride: i32): void {
  const bytes = <usize>load<u32>(matrix + MATRIX_GROUP_BYTES), data = <usize>load<u32>(matrix + MATRIX_DATA);
  const rows = load<i32>(matrix + MATRIX_ROWS);
  if (tokens == 1) return one(matrix, act, 0, data + <usize>group0 * bytes, out + <usize>group0 * 32, group1 - group0, rows - group0 * 8);
  for (let g = group0; g < group1; g++) {
    const p = data + <usize>g * bytes, left = rows - g * 8;
    let t = 0, o = out + <usize>g * 32;
    for (; t + 4 <= tokens; t += 4) {
      four(matrix, act, <usize>t, p, o, <usize>stride * 4, left);
      o += <usize>stride * 16;
    }
    for (; t < tokens; t++) {
      one(matrix, act, <usize>t, p, o, 1, left);
      o += <usize>stride * 4;
    }
  }
}

/** The kernel of the type. */
function one(matrix: usize, act: usize, t: usize, p: usize, out: usize, groups: i32, rows: i32): void {
  const type = load<i32>(matrix + MATRIX_TYPE), columns = load<i32>(matrix + MATRIX_COLUMNS), K = <usize>columns;
  if (type == F32 || type == F16 || type == BF16) {
    const x = <usize>load<u32>(act + ACT_F32) + t * K * 4;
    if (type == F32) oneF32(p, x, columns, out, groups, rows);
    else if (type == F16) oneF16(p, x, columns, out, groups, rows);
    else oneBF16(p, x, columns, out, groups, rows);
    return;
  }
  const blocks = columns >> 5, n = t * <usize>blocks;
  if (type == Q8_0) return oneQ8_0(p, <usize>load<u32>(act + ACT_FINE) + t * K * 2, <usize>load<u32>(act + ACT_FINE_SCALE) + n * 4, blocks, out, groups, rows);
  const x = <usize>load<u32>(act + (RELAXED ? ACT_I8 : ACT_I16)) + n * STEP * 8;
  const units = <usize>load<u32>(act + ACT_SCALE) + n * 4, totals = <usize>load<u32>(act + ACT_SUM) + n * 8;
  switch (type) {
    case Q4_0: return oneQ4_0(p, x, units, totals, blocks, out, groups, rows);
    case Q4_1: return oneQ4_1(p, x, units, totals, blocks, out, groups, rows);
    case Q5_0: return oneQ5_0(p, x, units, totals, blocks, out, groups, rows);
    case Q5_1: return oneQ5_1(p, x, units, totals, blocks, out, groups, rows);
    case Q4_K: return oneQ4_K(p, x, units, totals, blocks >> 3, out, groups, rows);
    case Q5_K: return oneQ5_K(p, x, units, totals, blocks >> 3, out, groups, rows);
    case Q6_K: return oneQ6_K(p, x, units, totals, blocks >> 3, out, groups, rows);
    default: unreachable();
  }
}

/** The kernel of the type. */
function four(matrix: usize, act: usize, t: usize, p: usize, out: usize, next: usize, rows: i32): void {
  const type = load<i32>(matrix + MATRIX_TYPE), columns = load<i32>(matrix + MATRIX_COLUMNS), K = <usize>columns;
  if (type == F32 || type == F16 || type == BF16) {
    const x = <usize>load<u32>(act + ACT_F32) + t * K * 4;
    if (type == F32) fourF32(p, x, columns, out, next, rows);
    else if (type == F16) fourF16(p, x, columns, out, next, rows);
    else fourBF16(p, x, columns, out, next, rows);
    return;
  }
  const blocks = columns >> 5, n = t * <usize>blocks;
  if (type == Q8_0) return fourQ8_0(p, <usize>load<u32>(act + ACT_FINE) + t * K * 2, <usize>load<u32>(act + ACT_FINE_SCALE) + n * 4, blocks, out, next, rows);
  const x = <usize>load<u32>(act + (RELAXED ? ACT_I8 : ACT_I16)) + n * STEP * 8;
  const units = <usize>load<u32>(act + ACT_SCALE) + n * 4, totals = <usize>load<u32>(act + ACT_SUM) + n * 8;
  switch (type) {
    case Q4_0: return fourQ4_0(p, x, units, totals, blocks, out, next, rows);
    case Q4_1: return fourQ4_1(p, x, units, totals, blocks, out, next, rows);
    case Q5_0: return fourQ5_0(p, x, units, totals, blocks, out, next, rows);
    case Q5_1: return fourQ5_1(p, x, units, totals, blocks, out, next, rows);
    case Q4_K: return fourQ4_K(p, x, units, totals, blocks >> 3, out, next, rows);
    case Q5_K: return fourQ5_K(p, x, units, totals, blocks >> 3, out, next, rows);
    case Q6_K: return fourQ6_K(p, x, units, totals, blocks >> 3, out, next, rows);
    default: unreachable();
  }
}
