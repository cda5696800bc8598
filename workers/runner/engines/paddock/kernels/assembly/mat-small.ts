// Q4_0, Q4_1, Q5_0, Q5_1: blocks of 32 columns.
import { even, odd, RELAXED, STEP, step, stepMasked, stepTop, sums, toFloat, zero } from './act';
import { high4, last5, low4, low5, spare5 } from './bits';
import { HALF_UNIT, scales4 } from './scales';
import { put } from './store';

/** What a block adds: with minimums scale * sum + minimum * total, else scale * (sum - offset * total). */
@inline
function added(f: v128, sum: v128, minimum: bool, scale: v128, low: v128, unit: v128, total: v128): v128 {
  return minimum
    ? f32x4.add(f, f32x4.add(f32x4.mul(toFloat(sum), f32x4.mul(scale, unit)), f32x4.mul(low, total)))
    : f32x4.add(f, f32x4.mul(scale, f32x4.sub(f32x4.mul(toFloat(sum), unit), total)));
}

@inline
function total(minimum: bool, offset: f32, at: usize): v128 {
  return minimum ? v128.load32_splat(at) : f32x4.mul(v128.load32_splat(at), f32x4.splat(offset));
}

/** One token by `groups` groups of rows, of which `rows` rows are written. */
@inline
function one(bits: i32, minimum: bool, p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  const head: usize = minimum ? 32 : 16, offset: f32 = bits == 4 ? 8 : 16;
  for (let g = 0; g < groups; g++) {
    let f0 = zero(), f1 = zero(), xp = x;
    for (let b = 0; b < blocks; b++) {
      let a0 = zero(), a1 = zero(), c0 = zero(), c1 = zero(), i0 = zero(), i1 = zero(), v: v128, e: v128, o: v128;
      let q = p + head;
      for (let half = 0; half < 2; half++) {
        if (bits == 4) {
          v = v128.load(q); e = even(xp); o = odd(xp);
          if (RELAXED) { a0 = step(a0, low4(v), e, o); a1 = step(a1, high4(v), e, o); }
          else { a0 = stepMasked(a0, v, 0x000f, e); c0 = stepMasked(c0, v, 0x0f00, o); a1 = stepMasked(a1, v, 0x00f0, e); c1 = stepTop(c1, v, o); }
          v = v128.load(q, 16); e = even(xp + STEP); o = odd(xp + STEP);
          if (RELAXED) { a0 = step(a0, low4(v), e, o); a1 = step(a1, high4(v), e, o); }
          else { a0 = stepMasked(a0, v, 0x000f, e); c0 = stepMasked(c0, v, 0x0f00, o); a1 = stepMasked(a1, v, 0x00f0, e); c1 = stepTop(c1, v, o); }
          v = v128.load(q, 32); e = even(xp + STEP * 2); o = odd(xp + STEP * 2);
          if (RELAXED) { a0 = step(a0, low4(v), e, o); a1 = step(a1, high4(v), e, o); }
          else { a0 = stepMasked(a0, v, 0x000f, e); c0 = stepMasked(c0, v, 0x0f00, o); a1 = stepMasked(a1, v, 0x00f0, e); c1 = stepTop(c1, v, o); }
          v = v128.load(q, 48); e = even(xp + STEP * 3); o = odd(xp + STEP * 3);
          if (RELAXED) { a0 = step(a0, low4(v), e, o); a1 = step(a1, high4(v), e, o); }
          else { a0 = stepMasked(a0, v, 0x000f, e); c0 = stepMasked(c0, v, 0x0f00, o); a1 = stepMasked(a1, v, 0x00f0, e); c1 = stepTop(c1, v, o); }
          q += 64;
        } else {
          const X = v128.load(q), Y = v128.load(q, 16), Z = v128.load(q, 32), W = v128.load(q, 48), V = v128.load(q, 64);
          e = even(xp); o = odd(xp);
          a0 = step(zero(), low5(X), e, o); a1 = step(zero(), low5(Y), e, o);
          e = even(xp + STEP); o = odd(xp + STEP);
          a0 = step(a0, low5(Z), e, o); a1 = step(a1, low5(W), e, o);
          e = even(xp + STEP * 2); o = odd(xp + STEP * 2);
          a0 = step(a0, low5(V), e, o); a1 = step(a1, spare5(X, Y), e, o);
          e = even(xp + STEP * 3); o = odd(xp + STEP * 3);
          a0 = step(a0, spare5(Z, W), e, o); a1 = step(a1, last5(V, Y, W), e, o);
          i0 = i32x4.add(i0, sums(a0)); i1 = i32x4.add(i1, sums(a1));
          q += 80;
        }
        xp += STEP * 4;
      }
      if (bits == 4 && !RELAXED) { a0 = i32x4.add(a0, i32x4.shr_s(c0, 8)); a1 = i32x4.add(i32x4.shr_s(a1, 4), c1); }
      if (bits == 4) { i0 = sums(a0); i1 = sums(a1); }
      const unit = v128.load32_splat(units + <usize>(b << 2)), t = total(minimum, offset, totals + <usize>(b << 3));
      f0 = added(f0, i0, minimum, scales4(p), minimum ? scales4(p + 16) : f0, unit, t);
      f1 = added(f1, i1, minimum, scales4(p + 8), minimum ? scales4(p + 24) : f1, unit, t);
      p = q;
    }
    put(out + <usize>(g << 5), f0, f1, rows - (g << 3), HALF_UNIT);
  }
}

/** Four tokens by one group of rows; `next` is from token to token, in bytes, of x and of the results. */
@inline
function four(bits: i32, minimum: bool, p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  const head: usize = minimum ? 32 : 16, offset: f32 = bits == 4 ? 8 : 16;
  const K = <usize>blocks * STEP * 8, u = <usize>blocks * 4, s = <usize>blocks * 8;
  let f0 = zero(), f1 = zero(), f2 = zero(), f3 = zero(), f4 = zero(), f5 = zero(), f6 = zero(), f7 = zero();
  for (let b = 0; b < blocks; b++) {
    const D0 = scales4(p), D1 = scales4(p + 8), M0 = minimum ? scales4(p + 16) : D0, M1 = minimum ? scales4(p + 24) : D1;
    let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero(), a6 = zero(), a7 = zero();
    let i0 = zero(), i1 = zero(), i2 = zero(), i3 = zero(), i4 = zero(), i5 = zero(), i6 = zero(), i7 = zero();
    let q = p + head, e: v128, o: v128;
    if (bits == 4) {
      for (let j = 0; j < 4; j++) {
        let v = v128.load(q), lo = low4(v), hi = high4(v);
        e = even(x); o = odd(x); a0 = step(a0, lo, e, o); a1 = step(a1, hi, e, o);
        e = even(x + K); o = odd(x + K); a2 = step(a2, lo, e, o); a3 = step(a3, hi, e, o);
        e = even(x + 2 * K); o = odd(x + 2 * K); a4 = step(a4, lo, e, o); a5 = step(a5, hi, e, o);
        e = even(x + 3 * K); o = odd(x + 3 * K); a6 = step(a6, lo, e, o); a7 = step(a7, hi, e, o);
        v = v128.load(q, 16); lo = low4(v); hi = high4(v);
        e = even(x + STEP); o = odd(x + STEP); a0 = step(a0, lo, e, o); a1 = step(a1, hi, e, o);
        e = even(x + K + STEP); o = odd(x + K + STEP); a2 = step(a2, lo, e, o); a3 = step(a3, hi, e, o);
        e = even(x + 2 * K + STEP); o = odd(x + 2 * K + STEP); a4 = step(a4, lo, e, o); a5 = step(a5, hi, e, o);
        e = even(x + 3 * K + STEP); o = odd(x + 3 * K + STEP); a6 = step(a6, lo, e, o); a7 = step(a7, hi, e, o);
        q += 32; x += STEP * 2;
      }
      i0 = sums(a0); i1 = sums(a1); i2 = sums(a2); i3 = sums(a3); i4 = sums(a4); i5 = sums(a5); i6 = sums(a6); i7 = sums(a7);
    } else {
      for (let half = 0; half < 2; half++) {
        a0 = zero(); a1 = zero(); a2 = zero(); a3 = zero(); a4 = zero(); a5 = zero(); a6 = zero(); a7 = zero();
        for (let j = 0; j < 4; j++) {
          const Y = v128.load(q, 16), W = v128.load(q, 48);
          let lo: v128, hi: v128;
          if (j == 0) { lo = low5(v128.load(q)); hi = low5(Y); }
          else if (j == 1) { lo = low5(v128.load(q, 32)); hi = low5(W); }
          else if (j == 2) { lo = low5(v128.load(q, 64)); hi = spare5(v128.load(q), Y); }
          else { lo = spare5(v128.load(q, 32), W); hi = last5(v128.load(q, 64), Y, W); }
          e = even(x); o = odd(x); a0 = step(a0, lo, e, o); a1 = step(a1, hi, e, o);
          e = even(x + K); o = odd(x + K); a2 = step(a2, lo, e, o); a3 = step(a3, hi, e, o);
          e = even(x + 2 * K); o = odd(x + 2 * K); a4 = step(a4, lo, e, o); a5 = step(a5, hi, e, o);
          e = even(x + 3 * K); o = odd(x + 3 * K); a6 = step(a6, lo, e, o); a7 = step(a7, hi, e, o);
          x += STEP;
        }
        i0 = i32x4.add(i0, sums(a0)); i1 = i32x4.add(i1, sums(a1)); i2 = i32x4.add(i2, sums(a2)); i3 = i32x4.add(i3, sums(a3));
        i4 = i32x4.add(i4, sums(a4)); i5 = i32x4.add(i5, sums(a5)); i6 = i32x4.add(i6, sums(a6)); i7 = i32x4.add(i7, sums(a7));
        q += 80;
      }
    }
    let unit = v128.load32_splat(units), t = total(minimum, offset, totals);
    f0 = added(f0, i0, minimum, D0, M0, unit, t); f1 = added(f1, i1, minimum, D1, M1, unit, t);
    unit = v128.load32_splat(units + u); t = total(minimum, offset, totals + s);
    f2 = added(f2, i2, minimum, D0, M0, unit, t); f3 = added(f3, i3, minimum, D1, M1, unit, t);
    unit = v128.load32_splat(units + 2 * u); t = total(minimum, offset, totals + 2 * s);
    f4 = added(f4, i4, minimum, D0, M0, unit, t); f5 = added(f5, i5, minimum, D1, M1, unit, t);
    unit = v128.load32_splat(units + 3 * u); t = total(minimum, offset, totals + 3 * s);
    f6 = added(f6, i6, minimum, D0, M0, unit, t); f7 = added(f7, i7, minimum, D1, M1, unit, t);
    p = q; units += 4; totals += 8;
  }
  put(out, f0, f1, rows, HALF_UNIT);
  put(out + next, f2, f3, rows, HALF_UNIT);
  put(out + 2 * next, f4, f5, rows, HALF_UNIT);
  put(out + 3 * next, f6, f7, rows, HALF_UNIT);
}

export function oneQ4_0(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  one(4, false, p, x, units, totals, blocks, out, groups, rows);
}
export function oneQ4_1(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  one(4, true, p, x, units, totals, blocks, out, groups, rows);
}
export function oneQ5_0(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  one(5, false, p, x, units, totals, blocks, out, groups, rows);
}
export function oneQ5_1(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  one(5, true, p, x, units, totals, blocks, out, groups, rows);
}
export function fourQ4_0(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  four(4, false, p, x, units, totals, blocks, out, next, rows);
}
export function fourQ4_1(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  four(4, true, p, x, units, totals, blocks, out, next, rows);
}
export function fourQ5_0(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  four(5, false, p, x, units, totals, blocks, out, next, rows);
}
export function fourQ5_1(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  four(5, true, p, x, units, totals, blocks, out, next, rows);
}
