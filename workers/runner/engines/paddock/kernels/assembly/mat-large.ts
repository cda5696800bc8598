// Q4_K, Q5_K: blocks of 256 columns, with a 6-bit scale and minimum for each 32 of them.
import { even, factorsHigh, factorsLow, odd, scaled, RELAXED, STEP, step, stepMasked, stepTop, toFloat, zero } from './act';
import { high4, last5, low4, low5, spare5 } from './bits';
import { HALF_UNIT, scales4 } from './scales';
import { put } from './store';

/** i16 minimums of 8 rows, for 32 columns `part` of the block at `p`; `low` has their low bits from bit 6 on. */
@inline
function minimums(p: usize, part: i32, low: v128): v128 {
  const high = i16x8.shr_u(v128.load_ext<u8>(p + 96 + <usize>((part >> 1) << 3)), (part & 1) << 2);
  return v128.or(i16x8.shr_u(low, 6), v128.and(i16x8.shl(high, 2), i16x8.splat(60)));
}

@inline
function lowFloats(m: v128): v128 {
  return toFloat(i32x4.extend_low_i16x8_s(m));
}
@inline
function highFloats(m: v128): v128 {
  return toFloat(i32x4.extend_high_i16x8_s(m));
}

/** One token by `groups` groups of rows, of which `rows` rows are written. */
@inline
function one(bits: i32, p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  for (let g = 0; g < groups; g++) {
    let f0 = zero(), f1 = zero(), xp = x, up = units, tp = totals;
    for (let b = 0; b < blocks; b++) {
      let h0 = zero(), h1 = zero(), m0 = zero(), m1 = zero(), q = p + 128;
      for (let part = 0; part < 8; part++) {
        let a0 = zero(), a1 = zero(), c0 = zero(), c1 = zero(), i0 = zero(), i1 = zero(), v: v128, e: v128, o: v128;
        const s = v128.load_ext<u8>(p + 32 + <usize>(part << 3)), factors = v128.and(s, i16x8.splat(63));
        const s0 = factorsLow(factors), s1 = factorsHigh(factors);
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
            i0 = i32x4.add(i0, scaled(a0, s0)); i1 = i32x4.add(i1, scaled(a1, s1));
            q += 80;
          }
          xp += STEP * 4;
        }
        if (bits == 4 && !RELAXED) { a0 = i32x4.add(a0, i32x4.shr_s(c0, 8)); a1 = i32x4.add(i32x4.shr_s(a1, 4), c1); }
        if (bits == 4) { i0 = scaled(a0, s0); i1 = scaled(a1, s1); }
        const m = minimums(p, part, s), unit = v128.load32_splat(up), total = v128.load32_splat(tp);
        h0 = f32x4.add(h0, f32x4.mul(toFloat(i0), unit)); h1 = f32x4.add(h1, f32x4.mul(toFloat(i1), unit));
        m0 = f32x4.add(m0, f32x4.mul(lowFloats(m), total)); m1 = f32x4.add(m1, f32x4.mul(highFloats(m), total));
        up += 4; tp += 8;
      }
      f0 = f32x4.add(f0, f32x4.sub(f32x4.mul(scales4(p), h0), f32x4.mul(scales4(p + 16), m0)));
      f1 = f32x4.add(f1, f32x4.sub(f32x4.mul(scales4(p + 8), h1), f32x4.mul(scales4(p + 24), m1)));
      p = q;
    }
    put(out + <usize>(g << 5), f0, f1, rows - (g << 3), HALF_UNIT);
  }
}

/** Four tokens by one group of rows; `next` is from token to token of the results, in bytes. */
@inline
function four(bits: i32, p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  const K = <usize>blocks * STEP * 64, u = <usize>blocks * 32, s = <usize>blocks * 64;
  let f0 = zero(), f1 = zero(), f2 = zero(), f3 = zero(), f4 = zero(), f5 = zero(), f6 = zero(), f7 = zero();
  for (let b = 0; b < blocks; b++) {
    let h0 = zero(), h1 = zero(), h2 = zero(), h3 = zero(), h4 = zero(), h5 = zero(), h6 = zero(), h7 = zero();
    let m0 = zero(), m1 = zero(), m2 = zero(), m3 = zero(), m4 = zero(), m5 = zero(), m6 = zero(), m7 = zero();
    let q = p + 128, e: v128, o: v128;
    for (let part = 0; part < 8; part++) {
      let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero(), a6 = zero(), a7 = zero();
      let i0 = zero(), i1 = zero(), i2 = zero(), i3 = zero(), i4 = zero(), i5 = zero(), i6 = zero(), i7 = zero();
      const low = v128.load_ext<u8>(p + 32 + <usize>(part << 3)), factors = v128.and(low, i16x8.splat(63));
      const s0 = factorsLow(factors), s1 = factorsHigh(factors);
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
        i0 = scaled(a0, s0); i1 = scaled(a1, s1);
        i2 = scaled(a2, s0); i3 = scaled(a3, s1);
        i4 = scaled(a4, s0); i5 = scaled(a5, s1);
        i6 = scaled(a6, s0); i7 = scaled(a7, s1);
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
          i0 = i32x4.add(i0, scaled(a0, s0)); i1 = i32x4.add(i1, scaled(a1, s1));
          i2 = i32x4.add(i2, scaled(a2, s0)); i3 = i32x4.add(i3, scaled(a3, s1));
          i4 = i32x4.add(i4, scaled(a4, s0)); i5 = i32x4.add(i5, scaled(a5, s1));
          i6 = i32x4.add(i6, scaled(a6, s0)); i7 = i32x4.add(i7, scaled(a7, s1));
          q += 80;
        }
      }
      const min = minimums(p, part, low), min0 = lowFloats(min), min1 = highFloats(min);
      let unit: v128, total: v128;
      unit = v128.load32_splat(units); total = v128.load32_splat(totals);
      h0 = f32x4.add(h0, f32x4.mul(toFloat(i0), unit)); h1 = f32x4.add(h1, f32x4.mul(toFloat(i1), unit));
      m0 = f32x4.add(m0, f32x4.mul(min0, total)); m1 = f32x4.add(m1, f32x4.mul(min1, total));
      unit = v128.load32_splat(units + u); total = v128.load32_splat(totals + s);
      h2 = f32x4.add(h2, f32x4.mul(toFloat(i2), unit)); h3 = f32x4.add(h3, f32x4.mul(toFloat(i3), unit));
      m2 = f32x4.add(m2, f32x4.mul(min0, total)); m3 = f32x4.add(m3, f32x4.mul(min1, total));
      unit = v128.load32_splat(units + 2 * u); total = v128.load32_splat(totals + 2 * s);
      h4 = f32x4.add(h4, f32x4.mul(toFloat(i4), unit)); h5 = f32x4.add(h5, f32x4.mul(toFloat(i5), unit));
      m4 = f32x4.add(m4, f32x4.mul(min0, total)); m5 = f32x4.add(m5, f32x4.mul(min1, total));
      unit = v128.load32_splat(units + 3 * u); total = v128.load32_splat(totals + 3 * s);
      h6 = f32x4.add(h6, f32x4.mul(toFloat(i6), unit)); h7 = f32x4.add(h7, f32x4.mul(toFloat(i7), unit));
      m6 = f32x4.add(m6, f32x4.mul(min0, total)); m7 = f32x4.add(m7, f32x4.mul(min1, total));
      units += 4; totals += 8;
    }
    const D0 = scales4(p), D1 = scales4(p + 8), M0 = scales4(p + 16), M1 = scales4(p + 24);
    f0 = f32x4.add(f0, f32x4.sub(f32x4.mul(D0, h0), f32x4.mul(M0, m0)));
    f1 = f32x4.add(f1, f32x4.sub(f32x4.mul(D1, h1), f32x4.mul(M1, m1)));
    f2 = f32x4.add(f2, f32x4.sub(f32x4.mul(D0, h2), f32x4.mul(M0, m2)));
    f3 = f32x4.add(f3, f32x4.sub(f32x4.mul(D1, h3), f32x4.mul(M1, m3)));
    f4 = f32x4.add(f4, f32x4.sub(f32x4.mul(D0, h4), f32x4.mul(M0, m4)));
    f5 = f32x4.add(f5, f32x4.sub(f32x4.mul(D1, h5), f32x4.mul(M1, m5)));
    f6 = f32x4.add(f6, f32x4.sub(f32x4.mul(D0, h6), f32x4.mul(M0, m6)));
    f7 = f32x4.add(f7, f32x4.sub(f32x4.mul(D1, h7), f32x4.mul(M1, m7)));
    p = q;
  }
  put(out, f0, f1, rows, HALF_UNIT);
  put(out + next, f2, f3, rows, HALF_UNIT);
  put(out + 2 * next, f4, f5, rows, HALF_UNIT);
  put(out + 3 * next, f6, f7, rows, HALF_UNIT);
}

export function oneQ4_K(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  one(4, p, x, units, totals, blocks, out, groups, rows);
}
export function oneQ5_K(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, groups: i32, rows: i32): void {
  one(5, p, x, units, totals, blocks, out, groups, rows);
}
export function fourQ4_K(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  four(4, p, x, units, totals, blocks, out, next, rows);
}
export function fourQ5_K(p: usize, x: usize, units: usize, totals: usize, blocks: i32, out: usize, next: usize, rows: i32): void {
  four(5, p, x, units, totals, blocks, out, next, rows);
}
