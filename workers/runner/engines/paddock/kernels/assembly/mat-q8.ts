// Q8_0: blocks of 32 columns; 16-bit activations, and the same instructions in both modules.
import { toFloat, zero } from './act';
import { HALF_UNIT, scales4 } from './scales';
import { put } from './store';

@inline
function pair(sum: v128, p: usize, x: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(v128.load_ext<i8>(p), x));
}

@inline
function added(f: v128, sum: v128, scale: v128, unit: v128): v128 {
  return f32x4.add(f, f32x4.mul(toFloat(sum), f32x4.mul(scale, unit)));
}

/** One token by `groups` groups of rows, of which `rows` rows are written. */
export function oneQ8_0(p: usize, x: usize, units: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  for (let g = 0; g < groups; g++) {
    let f0 = zero(), f1 = zero(), xp = x;
    for (let b = 0; b < blocks; b++) {
      let a0 = zero(), a1 = zero(), q = p + 16, s: v128;
      for (let half = 0; half < 2; half++) {
        s = v128.load32_splat(xp, 0); a0 = pair(a0, q + 0, s); a1 = pair(a1, q + 8, s);
        s = v128.load32_splat(xp, 4); a0 = pair(a0, q + 16, s); a1 = pair(a1, q + 24, s);
        s = v128.load32_splat(xp, 8); a0 = pair(a0, q + 32, s); a1 = pair(a1, q + 40, s);
        s = v128.load32_splat(xp, 12); a0 = pair(a0, q + 48, s); a1 = pair(a1, q + 56, s);
        s = v128.load32_splat(xp, 16); a0 = pair(a0, q + 64, s); a1 = pair(a1, q + 72, s);
        s = v128.load32_splat(xp, 20); a0 = pair(a0, q + 80, s); a1 = pair(a1, q + 88, s);
        s = v128.load32_splat(xp, 24); a0 = pair(a0, q + 96, s); a1 = pair(a1, q + 104, s);
        s = v128.load32_splat(xp, 28); a0 = pair(a0, q + 112, s); a1 = pair(a1, q + 120, s);
        q += 128; xp += 32;
      }
      const unit = v128.load32_splat(units + <usize>(b << 2));
      f0 = added(f0, a0, scales4(p), unit);
      f1 = added(f1, a1, scales4(p + 8), unit);
      p = q;
    }
    put(out + <usize>(g << 5), f0, f1, rows - (g << 3), HALF_UNIT);
  }
}

/** Four tokens by one group of rows; `next` is from token to token of the results, in bytes. */
export function fourQ8_0(p: usize, x: usize, units: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  const K = <usize>blocks * 64, u = <usize>blocks * 4;
  let f0 = zero(), f1 = zero(), f2 = zero(), f3 = zero(), f4 = zero(), f5 = zero(), f6 = zero(), f7 = zero();
  for (let b = 0; b < blocks; b++) {
    let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero(), a6 = zero(), a7 = zero();
    let q = p + 16, s: v128;
    for (let j = 0; j < 16; j++) {
      const lo = v128.load_ext<i8>(q), hi = v128.load_ext<i8>(q, 8);
      s = v128.load32_splat(x); a0 = i32x4.add(a0, i32x4.dot_i16x8_s(lo, s)); a1 = i32x4.add(a1, i32x4.dot_i16x8_s(hi, s));
      s = v128.load32_splat(x + K); a2 = i32x4.add(a2, i32x4.dot_i16x8_s(lo, s)); a3 = i32x4.add(a3, i32x4.dot_i16x8_s(hi, s));
      s = v128.load32_splat(x + 2 * K); a4 = i32x4.add(a4, i32x4.dot_i16x8_s(lo, s)); a5 = i32x4.add(a5, i32x4.dot_i16x8_s(hi, s));
      s = v128.load32_splat(x + 3 * K); a6 = i32x4.add(a6, i32x4.dot_i16x8_s(lo, s)); a7 = i32x4.add(a7, i32x4.dot_i16x8_s(hi, s));
      q += 16; x += 4;
    }
    const D0 = scales4(p), D1 = scales4(p + 8);
    let unit: v128;
    unit = v128.load32_splat(units); f0 = added(f0, a0, D0, unit); f1 = added(f1, a1, D1, unit);
    unit = v128.load32_splat(units + u); f2 = added(f2, a2, D0, unit); f3 = added(f3, a3, D1, unit);
    unit = v128.load32_splat(units + 2 * u); f4 = added(f4, a4, D0, unit); f5 = added(f5, a5, D1, unit);
    unit = v128.load32_splat(units + 3 * u); f6 = added(f6, a6, D0, unit); f7 = added(f7, a7, D1, unit);
    p = q; units += 4;
  }
  put(out, f0, f1, rows, HALF_UNIT);
  put(out + next, f2, f3, rows, HALF_UNIT);
  put(out + 2 * next, f4, f5, rows, HALF_UNIT);
  put(out + 3 * next, f6, f7, rows, HALF_UNIT);
}
