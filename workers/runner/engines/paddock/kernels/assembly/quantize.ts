// Activations as the matrix kernels read them: integers for each block of 32 columns.
import {
  ACT_COLUMNS, ACT_F32, ACT_FINE, ACT_FINE_SCALE, ACT_FORMS, ACT_I16, ACT_I8, ACT_SCALE, ACT_SUM, FORM_COARSE,
  FORM_F32, FORM_FINE,
} from '../layout';
import { RELAXED } from './act';
import { HALF_UNIT } from './scales';

const COARSE: f32 = 127;
/** The most for which 32 products with weights of 8 bits, 32 * 128 * 4095, are exact as f32. */
const FINE: f32 = 4095;
/** Blocks without a larger value count as zeros: the inverse of their scale would be infinite. */
const NOTHING: f32 = 1e-30;

/** Rows `from` to `to` of `x`, f32 [T][K], into the forms that the ACT record `act` asks for. K: a multiple of 32, but for FORM_F32. */
export function quantize(act: usize, x: usize, from: i32, to: i32): void {
  const forms = load<i32>(act + ACT_FORMS), columns = <usize>load<i32>(act + ACT_COLUMNS), blocks = columns >> 5;
  for (let t = <usize>from; t < <usize>to; t++) {
    const row = x + t * columns * 4;
    if (forms & FORM_COARSE) coarseRow(act, row, t, columns, blocks);
    if (forms & FORM_FINE) fineRow(act, row, t, columns, blocks);
    if (forms & FORM_F32) floatRow(row, <usize>load<u32>(act + ACT_F32) + t * columns * 4, columns);
  }
}

function coarseRow(act: usize, x: usize, t: usize, columns: usize, blocks: usize): void {
  const size: usize = RELAXED ? 1 : 2;
  const q = <usize>load<u32>(act + (RELAXED ? ACT_I8 : ACT_I16)) + t * columns * size;
  const scales = <usize>load<u32>(act + ACT_SCALE) + t * blocks * 4, sums = <usize>load<u32>(act + ACT_SUM) + t * blocks * 8;
  for (let b: usize = 0; b < blocks; b++) {
    const from = x + b * 128, to = q + b * 32 * size, largest = largestOf(from), factor = f32x4.splat(inverse(largest, COARSE));
    const scale = largest * HALF_UNIT / COARSE;
    const first = coarse16(from, to, factor), second = coarse16(from + 64, to + 16 * size, factor);
    store<f32>(scales + b * 4, scale);
    store<f32>(sums + b * 8, scale * <f32>(first + second));
    store<i16>(sums + b * 8, <i16>first, 4);
    store<i16>(sums + b * 8, <i16>second, 6);
  }
}

/** Writes 16 integers; gives their sum. */
function coarse16(x: usize, q: usize, factor: v128): i32 {
  const a = i16x8.narrow_i32x4_s(rounded(x, factor), rounded(x + 16, factor));
  const b = i16x8.narrow_i32x4_s(rounded(x + 32, factor), rounded(x + 48, factor));
  if (RELAXED) v128.store(q, i8x16.narrow_i16x8_s(a, b));
  else {
    v128.store(q, v128.shuffle<i16>(a, a, 0, 2, 1, 3, 4, 6, 5, 7));
    v128.store(q, v128.shuffle<i16>(b, b, 0, 2, 1, 3, 4, 6, 5, 7), 16);
  }
  const s = i32x4.extadd_pairwise_i16x8_s(i16x8.add(a, b));
  return i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1) + i32x4.extract_lane(s, 2) + i32x4.extract_lane(s, 3);
}

function fineRow(act: usize, x: usize, t: usize, columns: usize, blocks: usize): void {
  const q = <usize>load<u32>(act + ACT_FINE) + t * columns * 2, scales = <usize>load<u32>(act + ACT_FINE_SCALE) + t * blocks * 4;
  for (let b: usize = 0; b < blocks; b++) {
    const from = x + b * 128, to = q + b * 64, largest = largestOf(from), factor = f32x4.splat(inverse(largest, FINE));
    store<f32>(scales + b * 4, largest * HALF_UNIT / FINE);
    for (let i: usize = 0; i < 128; i += 32) {
      v128.store(to + (i >> 1), i16x8.narrow_i32x4_s(rounded(from + i, factor), rounded(from + i + 16, factor)));
    }
  }
}

function floatRow(x: usize, out: usize, columns: usize): void {
  const whole = (columns & ~3) * 4;
  for (let i: usize = 0; i < whole; i += 16) v128.store(out + i, f32x4.mul(v128.load(x + i), f32x4.splat(HALF_UNIT)));
  for (let i = whole; i < columns * 4; i += 4) store<f32>(out + i, load<f32>(x + i) * HALF_UNIT);
}

@inline
function rounded(x: usize, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), factor)));
}

@inline
function inverse(largest: f32, steps: f32): f32 {
  return largest > NOTHING ? steps / largest : 0;
}

/** The largest size in 32 floats; NaN if one is. */
function largestOf(x: usize): f32 {
  let a = f32x4.abs(v128.load(x)), b = f32x4.abs(v128.load(x, 16));
  for (let i: usize = 32; i < 128; i += 32) {
    a = f32x4.max(a, f32x4.abs(v128.load(x + i)));
    b = f32x4.max(b, f32x4.abs(v128.load(x + i, 16)));
  }
  a = f32x4.max(a, b);
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}
