// Scales of blocks. f16 bits shifted to an f32's place are 2^112 too small, and a subnormal f16 (common in the
// K types) would be a subnormal f32, which costs an assist of 150 cycles on many machines. So packed scales are 2^10
// times the file's: exact and normal for all below 64. Of the 2^102 that then lack, the activations carry one half
// and the result is given the other, so that no product between leaves the range of f32.

/** 2^51: half of what an f16 lacks; in every activation scale, and multiplied into every result. */
export const HALF_UNIT: f32 = 2251799813685248;
/** The flags of `packedScale`, from this bit on: 1 not finite, 2 too large. */
export const FLAGS = 16;

/** Four packed f16 as f32, 2^-102 times their values. */
@inline
export function scales4(p: usize): v128 {
  // Sign-extended, so that the sign comes to bit 31; its copies in 28 to 30 go.
  return v128.and(i32x4.shl(v128.load_ext<i16>(p), 13), i32x4.splat(0x8fffffff));
}

/** A packed f16 as its value in the file. */
export function scaleOf(p: usize): f32 {
  const bits = <u32>load<u16>(p);
  return reinterpret<f32>(((bits & 0x8000) << 16) | ((bits & 0x7fff) << 13)) * HALF_UNIT * HALF_UNIT;
}

/** The file's f16 as it is packed: times 2^10. */
export function packedScale(bits: u32): u32 {
  const exponent = (bits >> 10) & 31, mantissa = bits & 1023, sign = bits & 0x8000;
  if (exponent == 31) return 1 << FLAGS;
  if (exponent > 20) return 2 << FLAGS;
  if (exponent) return bits + (10 << 10);
  if (!mantissa) return sign;
  const top = 31 - clz<u32>(mantissa);
  return sign | ((top + 1) << 10) | ((mantissa << (10 - top)) & 1023);
}
