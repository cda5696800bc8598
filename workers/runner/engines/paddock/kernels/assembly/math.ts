// Small pieces on vectors of four f32, the same bits in both modules.

/** Sum of the lanes: (0 + 2) + (1 + 3). */
@inline
export function hsum(v: v128): f32 {
  const w = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(w, 0) + f32x4.extract_lane(w, 1);
}

/** The greatest lane, in every lane; NaN if one is. */
@inline
export function hmaxAll(v: v128): v128 {
  const w = f32x4.max(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.max(w, v128.shuffle<i32>(w, w, 1, 0, 3, 2));
}

/** Lane i of the result is the sum of the lanes of the i-th argument. */
@inline
export function hsum4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/**
 * e^x, relative error below 2e-7 for x in [-87, 88]; 0 below that, e^88 above, NaN for NaN.
 * x = n ln 2 + r with |r| <= ln 2 / 2, and e^r = 1 + r + r^2 P(r), P of degree 4 through Chebyshev's points (1e-8).
 */
@inline
export function vexp(x: v128): v128 {
  // pmin and pmax are one instruction on x86, min and max seven; with x first they let NaN through.
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-88)), f32x4.splat(88));
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits of the sum.
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.4426950408889634)), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  // ln 2 in two parts, the first with few enough bits that its product with n is exact.
  const r = f32x4.sub(f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.add(f32x4.mul(r, f32x4.splat(1.392618358789702e-3)), f32x4.splat(8.363179052727866e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1666554617201146e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.16666576989698692));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 12582912 has zeros in the bits that stay after the shift, so n alone moves the exponent.
  const value = i32x4.add(p, i32x4.shl(shifted, 23));
  return v128.andnot(value, f32x4.lt(x, f32x4.splat(-87.3)));
}
