// 16 columns of 8 rows, a row a vector, to their places (see bits.ts).
import { byte } from './bits';

@inline
export function low(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 4, 1, 5);
}
@inline
export function high(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 2, 6, 3, 7);
}
@inline
export function first(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 0, 2);
}
@inline
export function second(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 1, 3);
}

/** 4, 5 or 6 vectors, by `bits`. */
@inline
export function place(bits: i32, o: usize, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128, r6: v128, r7: v128): void {
  let a = low(r0, r1), b = low(r2, r3), c = high(r0, r1), d = high(r2, r3);
  const lo0 = first(a, b), lo1 = second(a, b), lo2 = first(c, d), lo3 = second(c, d);
  a = low(r4, r5); b = low(r6, r7); c = high(r4, r5); d = high(r6, r7);
  const hi0 = first(a, b), hi1 = second(a, b), hi2 = first(c, d), hi3 = second(c, d);
  if (bits == 4) {
    v128.store(o, v128.or(lo0, i16x8.shl(hi0, 4)));
    v128.store(o, v128.or(lo1, i16x8.shl(hi1, 4)), 16);
    v128.store(o, v128.or(lo2, i16x8.shl(hi2, 4)), 32);
    v128.store(o, v128.or(lo3, i16x8.shl(hi3, 4)), 48);
  } else if (bits == 5) {
    v128.store(o, v128.or(lo0, top(hi2, 7, 5)));
    v128.store(o, v128.or(hi0, v128.or(top(i16x8.shr_u(hi2, 3), 3, 5), top(i16x8.shr_u(hi3, 3), 1, 7))), 16);
    v128.store(o, v128.or(lo1, top(lo3, 7, 5)), 32);
    v128.store(o, v128.or(hi1, v128.or(top(i16x8.shr_u(lo3, 3), 3, 5), top(i16x8.shr_u(hi3, 4), 1, 7))), 48);
    v128.store(o, v128.or(lo2, top(hi3, 7, 5)), 64);
  } else {
    sixes(o, lo0, hi0, lo1, hi1);
    sixes(o + 48, lo2, hi2, lo3, hi3);
  }
}

@inline
function sixes(o: usize, x: v128, y: v128, z: v128, w: v128): void {
  v128.store(o, v128.or(x, top(i16x8.shr_u(w, 4), 3, 6)));
  v128.store(o, v128.or(y, top(i16x8.shr_u(w, 2), 3, 6)), 16);
  v128.store(o, v128.or(z, top(w, 3, 6)), 32);
}

/** The bits of `mask` in each byte, `by` up. */
@inline
function top(v: v128, mask: i32, by: i32): v128 {
  return i16x8.shl(v128.and(v, byte(mask)), by);
}
