// How the kernels of both modules read 4 columns of activations, and multiply them with weights of 7 bits.

/** A pair of products summed in i16 (relaxed), or in i32 (plain). */
export const RELAXED: bool = ASC_FEATURE_RELAXED_SIMD;
/** Bytes of 4 columns in the coarse form. */
export const STEP: usize = RELAXED ? 4 : 8;

/** Columns 0 to 3 for the relaxed product, 0 and 2 for the plain one. */
@inline
export function even(x: usize): v128 {
  return v128.load32_splat(x);
}

/** Columns 1 and 3; only the plain product reads it. */
@inline
export function odd(x: usize): v128 {
  return RELAXED ? v128.splat<i32>(0) : v128.load32_splat(x, 4);
}

/**
 * Adds 4 columns of 4 rows: `w` has the row's weights, 0 to 127, in the bytes of its 32-bit lane.
 * Relaxed: in i16, two a row. A sum of n steps is exact while n * 2 * 127 * weight <= 32767.
 * Plain: in i32.
 */
@inline
export function step(sum: v128, w: v128, e: v128, o: v128): v128 {
  if (RELAXED) return i16x8.add(sum, i16x8.relaxed_dot_i8x16_i7x16_s(e, w));
  return i32x4.add(
    i32x4.add(sum, i32x4.dot_i16x8_s(v128.and(w, i16x8.splat(255)), e)),
    i32x4.dot_i16x8_s(i16x8.shr_u(w, 8), o),
  );
}

/**
 * Plain module only: 4 nibbles a row of `v`, left where they lie in their 16 bits (0x000f and 0x00f0 for `even`
 * columns, 0x0f00 for `odd` ones), so that the sum is 1, 16 or 256 times the true one. Saves the shifts.
 */
@inline
export function stepMasked(sum: v128, v: v128, mask: i32, e: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(v128.and(v, i16x8.splat(<i16>mask)), e));
}
/** Plain module only: the upper nibbles of `odd` columns. */
@inline
export function stepTop(sum: v128, v: v128, o: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.shr_u(v, 12), o));
}

/** The sums of 4 rows as i32. */
@inline
export function sums(sum: v128): v128 {
  return RELAXED ? i32x4.extadd_pairwise_i16x8_s(sum) : sum;
}

/** i16 scales of 8 rows, as `scaled` wants them for the first and the last 4 rows. */
@inline
export function factorsLow(s: v128): v128 {
  return RELAXED ? v128.shuffle<i16>(s, s, 0, 8, 1, 9, 2, 10, 3, 11) : i32x4.extend_low_i16x8_s(s);
}
@inline
export function factorsHigh(s: v128): v128 {
  return RELAXED ? v128.shuffle<i16>(s, s, 4, 12, 5, 13, 6, 14, 7, 15) : i32x4.extend_high_i16x8_s(s);
}

/** The same of i16 pairs of 4 rows: the first and the second of each pair. */
@inline
export function factorsFirst(s: v128): v128 {
  return RELAXED ? v128.shuffle<i16>(s, s, 0, 8, 2, 10, 4, 12, 6, 14) : i32x4.shr_s(i32x4.shl(s, 16), 16);
}
@inline
export function factorsSecond(s: v128): v128 {
  return RELAXED ? v128.shuffle<i16>(s, s, 1, 9, 3, 11, 5, 13, 7, 15) : i32x4.shr_s(s, 16);
}

/** The sums of 4 rows times their scales, i32. */
@inline
export function scaled(sum: v128, factors: v128): v128 {
  return RELAXED ? i32x4.dot_i16x8_s(sum, factors) : i32x4.mul(sum, factors);
}

@inline
export function toFloat(a: v128): v128 {
  return f32x4.convert_i32x4_s(a);
}

@inline
export function zero(): v128 {
  return i32x4.splat(0);
}
