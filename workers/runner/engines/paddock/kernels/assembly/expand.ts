// Weights of the file's blocks as bytes: 16 columns of one row, unsigned (0 to 15, 31 or 63).
// The formats: ggml's block_q4_0, q4_1, q5_0, q5_1, q4_K, q5_K and q6_K.
import { Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K } from '../layout';
import { byte, high4, low4 } from './bits';

/** Columns 16 `half` and on, of the 32 of part `part` (0 to 7 in the types of 256 columns, else 0) of the block at `p`. */
@inline
export function expand16(type: i32, p: usize, part: i32, half: i32): v128 {
  const at = <usize>(half << 4);
  if (type == Q4_0) return nibbles(p + 2, half);
  if (type == Q4_1) return nibbles(p + 4, half);
  if (type == Q5_0) return v128.or(nibbles(p + 6, half), fifth(p + 2 + <usize>(half << 1)));
  if (type == Q5_1) return v128.or(nibbles(p + 8, half), fifth(p + 4 + <usize>(half << 1)));
  if (type == Q4_K) return nibbles(p + 16 + <usize>((part >> 1) << 5) + at, part & 1);
  if (type == Q5_K) {
    const high = v128.and(i8x16.shr_u(v128.load(p + 16 + at), part), byte(1));
    return v128.or(nibbles(p + 48 + <usize>((part >> 1) << 5) + at, part & 1), i16x8.shl(high, 4));
  }
  // Q6_K
  const low = nibbles(p + <usize>((part >> 2) << 6) + <usize>((part & 1) << 5) + at, (part >> 1) & 1);
  const high = i8x16.shr_u(v128.load(p + 128 + <usize>((part >> 2) << 5) + at), (part & 3) << 1);
  return v128.or(low, i16x8.shl(v128.and(high, byte(3)), 4));
}

@inline
function nibbles(p: usize, upper: i32): v128 {
  return upper ? high4(v128.load(p)) : low4(v128.load(p));
}

/** 16 where the bit of the column is set in the 16 bits at `p`. */
@inline
function fifth(p: usize): v128 {
  const bits = v128.swizzle(v128.load16_splat(p), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  const bit = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return v128.and(i8x16.eq(v128.and(bits, bit), bit), byte(16));
}

/** 6-bit scale `j` of the 12 bytes at `p`, in the low byte, and minimum, above it. */
export function scaleAndMinimum(p: usize, j: i32): i32 {
  const q = p + <usize>j;
  if (j < 4) return (load<u8>(q) & 63) | ((load<u8>(q, 4) & 63) << 8);
  const both = <i32>load<u8>(q, 4);
  return (both & 15) | ((load<u8>(q - 4) >> 6) << 4) | (((both >> 4) | ((load<u8>(q) >> 6) << 4)) << 8);
}
