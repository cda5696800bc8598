// F32, F16 and BF16 weights with f32 activations. Even and odd columns are summed apart: two chains of additions.
import { BF16, F16, F32 } from '../layout';
import { zero } from './act';
import { HALF_UNIT, scales4 } from './scales';
import { put } from './store';

/** Bytes of 8 rows of a column, as a shift. */
@inline
function shift(type: i32): i32 {
  return type == F32 ? 5 : 4;
}

/** 4 rows of the column at `p`, from row 0 or 4 on. */
@inline
function weights(type: i32, p: usize, high: usize): v128 {
  if (type == F32) return v128.load(p + high * 16);
  if (type == F16) return scales4(p + high * 8);
  return i32x4.shl(v128.load_ext<u16>(p + high * 8), 16);
}

/** The activations hold 2^51; f16 weights lack 2^102. */
@inline
function factor(type: i32): f32 {
  return type == F16 ? HALF_UNIT : 1 / HALF_UNIT;
}

@inline
function plus(f: v128, w: v128, x: v128): v128 {
  return f32x4.add(f, f32x4.mul(w, x));
}

/** One token by `groups` groups of rows, of which `rows` rows are written. */
@inline
function one(type: i32, p: usize, x: usize, columns: i32, out: usize, groups: i32, rows: i32): void {
  const size: usize = 1 << shift(type);
  for (let g = 0; g < groups; g++) {
    let f0 = zero(), f1 = zero(), g0 = zero(), g1 = zero(), xp = x;
    const end = x + <usize>(columns >> 1 << 3);
    for (; xp < end; xp += 8) {
      let s = v128.load32_splat(xp);
      f0 = plus(f0, weights(type, p, 0), s); f1 = plus(f1, weights(type, p, 1), s);
      s = v128.load32_splat(xp, 4);
      g0 = plus(g0, weights(type, p + size, 0), s); g1 = plus(g1, weights(type, p + size, 1), s);
      p += 2 * size;
    }
    if (columns & 1) {
      const s = v128.load32_splat(xp);
      f0 = plus(f0, weights(type, p, 0), s); f1 = plus(f1, weights(type, p, 1), s);
      p += size;
    }
    put(out + <usize>(g << 5), f32x4.add(f0, g0), f32x4.add(f1, g1), rows - (g << 3), factor(type));
  }
}

/** Four tokens by one group of rows; `next` is from token to token of the results, in bytes. */
@inline
function four(type: i32, p: usize, x: usize, columns: i32, out: usize, next: usize, rows: i32): void {
  const size: usize = 1 << shift(type), K = <usize>columns * 4;
  let f0 = zero(), f1 = zero(), f2 = zero(), f3 = zero(), f4 = zero(), f5 = zero(), f6 = zero(), f7 = zero();
  let g0 = zero(), g1 = zero(), g2 = zero(), g3 = zero(), g4 = zero(), g5 = zero(), g6 = zero(), g7 = zero();
  const end = x + <usize>(columns >> 1 << 3);
  let s: v128;
  for (; x < end; x += 8) {
    const lo = weights(type, p, 0), hi = weights(type, p, 1), lo1 = weights(type, p + size, 0), hi1 = weights(type, p + size, 1);
    s = v128.load32_splat(x); f0 = plus(f0, lo, s); f1 = plus(f1, hi, s);
    s = v128.load32_splat(x, 4); g0 = plus(g0, lo1, s); g1 = plus(g1, hi1, s);
    s = v128.load32_splat(x + K); f2 = plus(f2, lo, s); f3 = plus(f3, hi, s);
    s = v128.load32_splat(x + K, 4); g2 = plus(g2, lo1, s); g3 = plus(g3, hi1, s);
    s = v128.load32_splat(x + 2 * K); f4 = plus(f4, lo, s); f5 = plus(f5, hi, s);
    s = v128.load32_splat(x + 2 * K, 4); g4 = plus(g4, lo1, s); g5 = plus(g5, hi1, s);
    s = v128.load32_splat(x + 3 * K); f6 = plus(f6, lo, s); f7 = plus(f7, hi, s);
    s = v128.load32_splat(x + 3 * K, 4); g6 = plus(g6, lo1, s); g7 = plus(g7, hi1, s);
    p += 2 * size;
  }
  if (columns & 1) {
    const lo = weights(type, p, 0), hi = weights(type, p, 1);
    s = v128.load32_splat(x); f0 = plus(f0, lo, s); f1 = plus(f1, hi, s);
    s = v128.load32_splat(x + K); f2 = plus(f2, lo, s); f3 = plus(f3, hi, s);
    s = v128.load32_splat(x + 2 * K); f4 = plus(f4, lo, s); f5 = plus(f5, hi, s);
    s = v128.load32_splat(x + 3 * K); f6 = plus(f6, lo, s); f7 = plus(f7, hi, s);
  }
  put(out, f32x4.add(f0, g0), f32x4.add(f1, g1), rows, factor(type));
  put(out + next, f32x4.add(f2, g2), f32x4.add(f3, g3), rows, factor(type));
  put(out + 2 * next, f32x4.add(f4, g4), f32x4.add(f5, g5), rows, factor(type));
  put(out + 3 * next, f32x4.add(f6, g6), f32x4.add(f7, g7), rows, factor(type));
}

export function oneF32(p: usize, x: usize, columns: i32, out: usize, groups: i32, rows: i32): void {
  one(F32, p, x, columns, out, groups, rows);
}
export function fourF32(p: usize, x: usize, columns: i32, out: usize, next: usize, rows: i32): void {
  four(F32, p, x, columns, out, next, rows);
}

export function oneF16(p: usize, x: usize, columns: i32, out: usize, groups: i32, rows: i32): void {
  one(F16, p, x, columns, out, groups, rows);
}
export function fourF16(p: usize, x: usize, columns: i32, out: usize, next: usize, rows: i32): void {
  four(F16, p, x, columns, out, next, rows);
}

export function oneBF16(p: usize, x: usize, columns: i32, out: usize, groups: i32, rows: i32): void {
  one(BF16, p, x, columns, out, groups, rows);
}
export function fourBF16(p: usize, x: usize, columns: i32, out: usize, next: usize, rows: i32): void {
  four(BF16, p, x, columns, out, next, rows);
}
