// Rows as they lie in a GGUF file, to groups of 8 interleaved rows of the same size.
import { BF16, F16, F32, Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K, Q6_K, Q8_0 } from '../layout';
import { packBF16, packF16, packF32, packQ8 } from './pack-plain';
import { expand16, scaleAndMinimum } from './expand';
import { place } from './place';
import { FLAGS, packedScale } from './scales';

/** Where each row of a group begins: rows past the last are the last again, and their results are never written. */
@inline
function rowAt(src: usize, bytes: usize, row: i32, rows: i32): usize {
  return src + <usize>min(row, rows - 1) * bytes;
}

/**
 * Packs `rows` rows of `columns` of the file's type `type`: the start of a matrix, or a slice of it that begins at a
 * multiple of 8 rows. `dst` needs 8 rows' bytes for each group begun, and 16 bytes must be readable behind `src`'s end.
 * Gives 0; bit 0 set: a scale or value is not finite; bit 1: one is too large for f16 / 2^10 (64 or more).
 */
export function pack(type: i32, src: usize, dst: usize, columns: i32, rows: i32): i32 {
  let flags: u32 = 0;
  switch (type) {
    case Q4_0: flags = small(Q4_0, 4, 18, false, src, dst, columns, rows); break;
    case Q4_1: flags = small(Q4_1, 4, 20, true, src, dst, columns, rows); break;
    case Q5_0: flags = small(Q5_0, 5, 22, false, src, dst, columns, rows); break;
    case Q5_1: flags = small(Q5_1, 5, 24, true, src, dst, columns, rows); break;
    case Q4_K: flags = large(Q4_K, 4, 144, src, dst, columns, rows); break;
    case Q5_K: flags = large(Q5_K, 5, 176, src, dst, columns, rows); break;
    case Q6_K: flags = sixes(src, dst, columns, rows); break;
    case Q8_0: flags = packQ8(src, dst, columns, rows); break;
    case F32: flags = packF32(src, dst, columns, rows); break;
    case F16: flags = packF16(src, dst, columns, rows); break;
    case BF16: flags = packBF16(src, dst, columns, rows); break;
    default: unreachable();
  }
  return <i32>(flags >> FLAGS);
}

/** The quants of 32 columns of the 8 rows at `p`. */
@inline
function quants(type: i32, bits: i32, p: usize, row: usize, last: i32, part: i32, o: usize): void {
  const p1 = p + row * <usize>min(1, last), p2 = p + row * <usize>min(2, last), p3 = p + row * <usize>min(3, last);
  const p4 = p + row * <usize>min(4, last), p5 = p + row * <usize>min(5, last), p6 = p + row * <usize>min(6, last);
  const p7 = p + row * <usize>min(7, last);
  for (let half = 0; half < 2; half++) {
    place(
      bits, o + <usize>(half * bits * 16),
      expand16(type, p, part, half), expand16(type, p1, part, half), expand16(type, p2, part, half),
      expand16(type, p3, part, half), expand16(type, p4, part, half), expand16(type, p5, part, half),
      expand16(type, p6, part, half), expand16(type, p7, part, half),
    );
  }
}

@inline
function scale(from: usize, to: usize): u32 {
  const packed = packedScale(load<u16>(from));
  store<u16>(to, <u16>packed);
  return packed;
}

/** Types of 32 columns a block: 8 scales, 8 minimums where there are, quants. */
@inline
function small(type: i32, bits: i32, bytes: i32, minimum: bool, src: usize, dst: usize, columns: i32, rows: i32): u32 {
  const blocks = columns >> 5, row = <usize>(blocks * bytes), head = minimum ? 32 : 16;
  let flags: u32 = 0, o = dst;
  for (let g = 0; g < rows; g += 8) {
    const last = min(7, rows - 1 - g);
    for (let b = 0; b < blocks; b++) {
      const p = src + <usize>g * row + <usize>(b * bytes);
      for (let r = 0; r < 8; r++) {
        const at = rowAt(p, row, r, last + 1);
        flags |= scale(at, o + <usize>(r << 1));
        if (minimum) flags |= scale(at + 2, o + 16 + <usize>(r << 1));
      }
      quants(type, bits, p, row, last, 0, o + head);
      o += <usize>(bytes << 3);
    }
  }
  return flags;
}

/**
 * Q4_K and Q5_K: 8 scales, 8 minimums; for each 32 columns 8 bytes (scale, the minimum's low 2 bits above it); for
 * each pair of these 8 bytes (the minimums' high 4 bits, the first's below); quants.
 */
@inline
function large(type: i32, bits: i32, bytes: i32, src: usize, dst: usize, columns: i32, rows: i32): u32 {
  const blocks = columns >> 8, row = <usize>(blocks * bytes);
  let flags: u32 = 0, o = dst;
  for (let g = 0; g < rows; g += 8) {
    const last = min(7, rows - 1 - g);
    for (let b = 0; b < blocks; b++) {
      const p = src + <usize>g * row + <usize>(b * bytes);
      for (let r = 0; r < 8; r++) {
        const at = rowAt(p, row, r, last + 1), to = o + <usize>r;
        flags |= scale(at, o + <usize>(r << 1));
        flags |= scale(at + 2, o + 16 + <usize>(r << 1));
        for (let j = 0; j < 8; j += 2) {
          const even = scaleAndMinimum(at + 4, j), odd = scaleAndMinimum(at + 4, j + 1), part = to + <usize>(j << 3);
          store<u8>(part, (even & 63) | (((even >> 8) & 3) << 6), 32);
          store<u8>(part, (odd & 63) | (((odd >> 8) & 3) << 6), 40);
          store<u8>(to + <usize>(j << 2), (even >> 10) | ((odd >> 10) << 4), 96);
        }
      }
      for (let part = 0; part < 8; part++) quants(type, bits, p, row, last, part, o + 128 + <usize>(part * bits * 32));
      o += <usize>(bytes << 3);
    }
  }
  return flags;
}

/** Q6_K: 8 scales; for each 32 columns 8 pairs of i8 scales, of their first and last 16 columns; quants. */
function sixes(src: usize, dst: usize, columns: i32, rows: i32): u32 {
  const blocks = columns >> 8, row = <usize>(blocks * 210);
  let flags: u32 = 0, o = dst;
  for (let g = 0; g < rows; g += 8) {
    const last = min(7, rows - 1 - g);
    for (let b = 0; b < blocks; b++) {
      const p = src + <usize>g * row + <usize>(b * 210);
      for (let r = 0; r < 8; r++) {
        const at = rowAt(p, row, r, last + 1), to = o + <usize>(r << 1);
        flags |= scale(at + 208, to);
        for (let j: usize = 0; j < 8; j++) store<u16>(to + (j << 4), load<u16>(at + 192 + (j << 1)), 16);
      }
      for (let part = 0; part < 8; part++) quants(Q6_K, 6, p, row, last, part, o + 144 + <usize>(part * 192));
      o += 1680;
    }
  }
  return flags;
}
