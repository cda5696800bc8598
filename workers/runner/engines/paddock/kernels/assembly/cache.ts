// A row of the cache: integers of 16 or 8 bits, then the f32 that one step is worth. Integers with a step of the
// row's own keep a dot product exact (i32x4.dot_i16x8_s), with no conversion of keys and values, which would cost
// more than the products. 16 bits hold a row closer than f16: half a step is at most max / 32766 for every value,
// f16 is off by up to x / 2048 for the large ones.
import { CACHE_8 } from '../program-layout';
import { hmaxAll } from './math';
import { turnPairs } from './rope';

/** Largest integers of a row. 8 products of 14 bits and sign with another 14 fill an i32: see attention-values.ts. */
const LIMIT_16: f32 = 16383;
const LIMIT_8: f32 = 127;

/** Bytes of a row of `n` values. */
export function rowBytes(kind: i32, n: i32): i32 {
  return (kind == CACHE_8 ? n : n << 1) + 4;
}

/** Writes f32 [n] as a row; n is a multiple of 8. A NaN or an infinite value makes the row's step so. */
export function storeRow(kind: i32, src: usize, dst: usize, n: i32): void {
  const step = kind == CACHE_8 ? storeInts8(src, dst, n) : storeInts16(src, dst, n, LIMIT_16);
  store<f32>(dst + <usize>(kind == CACHE_8 ? n : n << 1), step);
}

/** Reads a row into f32 [n]. */
export function loadRow(kind: i32, src: usize, dst: usize, n: i32): void {
  const step = v128.load32_splat(src + <usize>(rowBytes(kind, n) - 4));
  for (let i = 0; i < n; i += 4) {
    v128.store(dst + (<usize>i << 2), f32x4.mul(four(kind, src, i), step));
  }
}

/**
 * Turns the first `pairs` pairs (an even number) of a key's row by the angles of a number of positions, in place:
 * the new step is found first, then each four values are replaced.
 */
export function turnRow(kind: i32, row: usize, cos: usize, sin: usize, pairs: i32, size: i32): void {
  const at = row + <usize>(rowBytes(kind, size) - 4), step = v128.load32_splat(at);
  let high = f32x4.splat(0);
  for (let i = 0; i < size; i += 4) high = f32x4.max(high, f32x4.abs(turned(kind, row, cos, sin, pairs, i, step)));
  const top = f32x4.extract_lane(hmaxAll(high), 0), limit = kind == CACHE_8 ? LIMIT_8 : LIMIT_16;
  const factor = f32x4.splat(steps(top, limit));
  for (let i = 0; i < size; i += 4) {
    const v = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(turned(kind, row, cos, sin, pairs, i, step), factor)));
    const words = i16x8.narrow_i32x4_s(v, v);
    if (kind == CACHE_8) v128.store32_lane(row + <usize>i, i8x16.narrow_i16x8_s(words, words), 0);
    else v128.store64_lane(row + (<usize>i << 1), words, 0);
  }
  store<f32>(at, stepOf(top, limit));
}

/** Four values from the `i`-th on, turned if they are of the pairs to turn. */
function turned(kind: i32, row: usize, cos: usize, sin: usize, pairs: i32, i: i32, step: v128): v128 {
  const v = f32x4.mul(four(kind, row, i), step), pair = i >> 1;
  if (pair >= pairs) return v;
  return turnPairs(v, v128.load64_zero(cos + (<usize>pair << 2)), v128.load64_zero(sin + (<usize>pair << 2)));
}

/** Four integers of a row, as f32. */
@inline
function four(kind: i32, row: usize, i: i32): v128 {
  return f32x4.convert_i32x4_s(
    kind == CACHE_8
      ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(row + <usize>i)))
      : v128.load_ext<i16>(row + (<usize>i << 1)),
  );
}

/** Writes f32 [n] as i16 in -limit…limit at `dst`, and returns what one step is worth. */
export function storeInts16(src: usize, dst: usize, n: i32, limit: f32): f32 {
  const top = greatest(src, n), factor = f32x4.splat(steps(top, limit));
  for (let i = 0; i < n; i += 8) {
    v128.store(dst + (<usize>i << 1), ints(src + (<usize>i << 2), factor));
  }
  return stepOf(top, limit);
}

function storeInts8(src: usize, dst: usize, n: i32): f32 {
  const top = greatest(src, n), factor = f32x4.splat(steps(top, LIMIT_8));
  for (let i = 0; i < n; i += 8) {
    const v = ints(src + (<usize>i << 2), factor);
    v128.store64_lane(dst + <usize>i, i8x16.narrow_i16x8_s(v, v), 0);
  }
  return stepOf(top, LIMIT_8);
}

@inline
function ints(p: usize, factor: v128): v128 {
  const a = f32x4.nearest(f32x4.mul(v128.load(p), factor)), b = f32x4.nearest(f32x4.mul(v128.load(p, 16), factor));
  return i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(a), i32x4.trunc_sat_f32x4_s(b));
}

function greatest(src: usize, n: i32): f32 {
  let top = f32x4.splat(0);
  for (let i = 0; i < n; i += 4) top = f32x4.max(top, f32x4.abs(v128.load(src + (<usize>i << 2))));
  return f32x4.extract_lane(hmaxAll(top), 0);
}

/** Rows below this are zero: their step would be subnormal, which is slow to multiply, or have no inverse. */
const LEAST: f32 = 1e-30;

@inline
function steps(top: f32, limit: f32): f32 {
  return top >= LEAST ? limit / top : 0;
}

@inline
function stepOf(top: f32, limit: f32): f32 {
  return top < LEAST ? 0 : top / limit;
}
