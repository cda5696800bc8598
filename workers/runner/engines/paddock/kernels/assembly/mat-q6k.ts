// Q6_K: blocks of 256 columns, with an 8-bit scale for each 16 of them; a weight is what is stored less 32.
import { even, factorsFirst, factorsSecond, odd, RELAXED, scaled, STEP, step, toFloat, zero } from './act';
import { low6, spare6 } from './bits';
import { HALF_UNIT, scales4 } from './scales';
import { put } from './store';

/** 32 times the sum of 32 activations, each times its scale; `at` has the two halves' sums as i16. */
@inline
function offset(scales: v128, at: usize): v128 {
  return i32x4.shl(i32x4.dot_i16x8_s(scales, v128.load32_splat(at)), 5);
}

/** One token by `groups` groups of rows, of which `rows` rows are written. */
export function oneQ6_K(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  for (let g = 0; g < groups; g++) {
    let f0 = zero(), f1 = zero(), xp = x, up = units, tp = totals + 4;
    for (let b = 0; b < blocks; b++) {
      let h0 = zero(), h1 = zero(), s = p + 16, q = p + 144;
      for (let part = 0; part < 8; part++) {
        const low = v128.load_ext<i8>(s), high = v128.load_ext<i8>(s, 8);
        let i0 = zero(), i1 = zero(), s0 = factorsFirst(low), s1 = factorsFirst(high);
        for (let half = 0; half < 2; half++) {
          // Two steps of 63 are all that the relaxed sums of 16 bits hold.
          let X = v128.load(q), Y = v128.load(q, 16), Z = v128.load(q, 32);
          let e = even(xp), o = odd(xp), e1 = even(xp + STEP), o1 = odd(xp + STEP);
          let a0 = step(step(zero(), low6(X), e, o), low6(Z), e1, o1), a1 = step(step(zero(), low6(Y), e, o), spare6(X, Y, Z), e1, o1);
          if (RELAXED) {
            i0 = i32x4.add(i0, scaled(a0, s0)); i1 = i32x4.add(i1, scaled(a1, s1));
            a0 = zero(); a1 = zero();
          }
          X = v128.load(q, 48); Y = v128.load(q, 64); Z = v128.load(q, 80);
          e = even(xp + STEP * 2); o = odd(xp + STEP * 2); e1 = even(xp + STEP * 3); o1 = odd(xp + STEP * 3);
          a0 = step(step(a0, low6(X), e, o), low6(Z), e1, o1); a1 = step(step(a1, low6(Y), e, o), spare6(X, Y, Z), e1, o1);
          i0 = i32x4.add(i0, scaled(a0, s0)); i1 = i32x4.add(i1, scaled(a1, s1));
          s0 = factorsSecond(low); s1 = factorsSecond(high);
          q += 96; xp += STEP * 4;
        }
        const unit = v128.load32_splat(up);
        h0 = f32x4.add(h0, f32x4.mul(toFloat(i32x4.sub(i0, offset(low, tp))), unit));
        h1 = f32x4.add(h1, f32x4.mul(toFloat(i32x4.sub(i1, offset(high, tp))), unit));
        s += 16; up += 4; tp += 8;
      }
      f0 = f32x4.add(f0, f32x4.mul(scales4(p), h0));
      f1 = f32x4.add(f1, f32x4.mul(scales4(p + 8), h1));
      p = q;
    }
    put(out + <usize>(g << 5), f0, f1, rows - (g << 3), HALF_UNIT);
  }
}

/** Four tokens by one group of rows; `next` is from token to token of the results, in bytes. */
export function fourQ6_K(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  const K = <usize>blocks * STEP * 64, u = <usize>blocks * 32, t = <usize>blocks * 64;
  let f0 = zero(), f1 = zero(), f2 = zero(), f3 = zero(), f4 = zero(), f5 = zero(), f6 = zero(), f7 = zero();
  totals += 4;
  for (let b = 0; b < blocks; b++) {
    let h0 = zero(), h1 = zero(), h2 = zero(), h3 = zero(), h4 = zero(), h5 = zero(), h6 = zero(), h7 = zero();
    let s = p + 16, q = p + 144;
    for (let part = 0; part < 8; part++) {
      let i0 = zero(), i1 = zero(), i2 = zero(), i3 = zero(), i4 = zero(), i5 = zero(), i6 = zero(), i7 = zero();
      const low = v128.load_ext<i8>(s), high = v128.load_ext<i8>(s, 8);
      let s0 = factorsFirst(low), s1 = factorsFirst(high);
      for (let pair = 0; pair < 4; pair++) {
        if (pair == 2) { s0 = factorsSecond(low); s1 = factorsSecond(high); }
        const X = v128.load(q), Y = v128.load(q, 16), Z = v128.load(q, 32);
        const w0 = low6(X), w1 = low6(Y), w2 = low6(Z), w3 = spare6(X, Y, Z);
        let e: v128, o: v128, e1: v128, o1: v128;
        e = even(x); o = odd(x); e1 = even(x + STEP); o1 = odd(x + STEP);
        i0 = i32x4.add(i0, scaled(step(step(zero(), w0, e, o), w2, e1, o1), s0));
        i1 = i32x4.add(i1, scaled(step(step(zero(), w1, e, o), w3, e1, o1), s1));
        e = even(x + K); o = odd(x + K); e1 = even(x + K + STEP); o1 = odd(x + K + STEP);
        i2 = i32x4.add(i2, scaled(step(step(zero(), w0, e, o), w2, e1, o1), s0));
        i3 = i32x4.add(i3, scaled(step(step(zero(), w1, e, o), w3, e1, o1), s1));
        e = even(x + 2 * K); o = odd(x + 2 * K); e1 = even(x + 2 * K + STEP); o1 = odd(x + 2 * K + STEP);
        i4 = i32x4.add(i4, scaled(step(step(zero(), w0, e, o), w2, e1, o1), s0));
        i5 = i32x4.add(i5, scaled(step(step(zero(), w1, e, o), w3, e1, o1), s1));
        e = even(x + 3 * K); o = odd(x + 3 * K); e1 = even(x + 3 * K + STEP); o1 = odd(x + 3 * K + STEP);
        i6 = i32x4.add(i6, scaled(step(step(zero(), w0, e, o), w2, e1, o1), s0));
        i7 = i32x4.add(i7, scaled(step(step(zero(), w1, e, o), w3, e1, o1), s1));
        q += 48; x += STEP * 2;
      }
      let unit: v128;
      unit = v128.load32_splat(units);
      h0 = f32x4.add(h0, f32x4.mul(toFloat(i32x4.sub(i0, offset(low, totals))), unit));
      h1 = f32x4.add(h1, f32x4.mul(toFloat(i32x4.sub(i1, offset(high, totals))), unit));
      unit = v128.load32_splat(units + u);
      h2 = f32x4.add(h2, f32x4.mul(toFloat(i32x4.sub(i2, offset(low, totals + t))), unit));
      h3 = f32x4.add(h3, f32x4.mul(toFloat(i32x4.sub(i3, offset(high, totals + t))), unit));
      unit = v128.load32_splat(units + 2 * u);
      h4 = f32x4.add(h4, f32x4.mul(toFloat(i32x4.sub(i4, offset(low, totals + 2 * t))), unit));
      h5 = f32x4.add(h5, f32x4.mul(toFloat(i32x4.sub(i5, offset(high, totals + 2 * t))), unit));
      unit = v128.load32_splat(units + 3 * u);
      h6 = f32x4.add(h6, f32x4.mul(toFloat(i32x4.sub(i6, offset(low, totals + 3 * t))), unit));
      h7 = f32x4.add(h7, f32x4.mul(toFloat(i32x4.sub(i7, offset(high, totals + 3 * t))), unit));
      s += 16; units += 4; totals += 8;
    }
    const D0 = scales4(p), D1 = scales4(p + 8);
    f0 = f32x4.add(f0, f32x4.mul(D0, h0));
    f1 = f32x4.add(f1, f32x4.mul(D1, h1));
    f2 = f32x4.add(f2, f32x4.mul(D0, h2));
    f3 = f32x4.add(f3, f32x4.mul(D1, h3));
    f4 = f32x4.add(f4, f32x4.mul(D0, h4));
    f5 = f32x4.add(f5, f32x4.mul(D1, h5));
    f6 = f32x4.add(f6, f32x4.mul(D0, h6));
    f7 = f32x4.add(f7, f32x4.mul(D1, h7));
    p = q;
  }
  put(out, f0, f1, rows, HALF_UNIT);
  put(out + next, f2, f3, rows, HALF_UNIT);
  put(out + 2 * next, f4, f5, rows, HALF_UNIT);
  put(out + 3 * next, f6, f7, rows, HALF_UNIT);
}
