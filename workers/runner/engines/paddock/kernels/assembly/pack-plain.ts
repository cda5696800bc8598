// The types whose columns stay whole: Q8_0, and the floats.
import { first, high, low, second } from './place';
import { FLAGS, packedScale } from './scales';

/** For each 32 columns: 8 scales; for each 2 of them the 8 rows' pairs. */
export function packQ8(src: usize, dst: usize, columns: i32, rows: i32): u32 {
  const blocks = columns >> 5, row = <usize>(blocks * 34);
  let flags: u32 = 0, o = dst;
  for (let g = 0; g < rows; g += 8) {
    const last = min(7, rows - 1 - g);
    for (let b = 0; b < blocks; b++) {
      const p = src + <usize>g * row + <usize>(b * 34);
      for (let r = 0; r < 8; r++) {
        const packed = packedScale(load<u16>(p + <usize>min(r, last) * row));
        flags |= packed;
        store<u16>(o + <usize>(r << 1), <u16>packed);
      }
      pairs(p + 2, row, last, o + 16);
      pairs(p + 18, row, last, o + 144);
      o += 272;
    }
  }
  return flags;
}

/** 16 columns of the 8 rows at `p`, or of as many as there are, a pair of columns of all rows a vector. */
@inline
function pairs(p: usize, row: usize, last: i32, o: usize): void {
  const r0 = v128.load(p), r1 = v128.load(p + row * <usize>min(1, last)), r2 = v128.load(p + row * <usize>min(2, last));
  const r3 = v128.load(p + row * <usize>min(3, last)), r4 = v128.load(p + row * <usize>min(4, last));
  const r5 = v128.load(p + row * <usize>min(5, last)), r6 = v128.load(p + row * <usize>min(6, last));
  const r7 = v128.load(p + row * <usize>min(7, last));
  fourPairs(o, early(r0, r1), early(r2, r3), early(r4, r5), early(r6, r7));
  fourPairs(o + 64, late(r0, r1), late(r2, r3), late(r4, r5), late(r6, r7));
}

/** Of two rows each: their pairs in turn. */
@inline
function fourPairs(o: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = low(a, b), cd = low(c, d), ab2 = high(a, b), cd2 = high(c, d);
  v128.store(o, first(ab, cd));
  v128.store(o, second(ab, cd), 16);
  v128.store(o, first(ab2, cd2), 32);
  v128.store(o, second(ab2, cd2), 48);
}

@inline
function early(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
@inline
function late(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** A column is 8 values; so in the two below. */
export function packF32(src: usize, dst: usize, columns: i32, rows: i32): u32 {
  let flags: u32 = 0;
  for (let g = 0; g < rows; g += 8) {
    for (let r = 0; r < 8; r++) {
      const p = src + <usize>(min(g + r, rows - 1) * columns) * 4, to = dst + <usize>(g * columns + r) * 4;
      for (let c: usize = 0; c < <usize>columns; c++) {
        const bits = load<u32>(p + (c << 2));
        flags |= <u32>((bits & 0x7f800000) == 0x7f800000) << FLAGS;
        store<u32>(to + (c << 5), bits);
      }
    }
  }
  return flags;
}

export function packF16(src: usize, dst: usize, columns: i32, rows: i32): u32 {
  let flags: u32 = 0;
  for (let g = 0; g < rows; g += 8) {
    for (let r = 0; r < 8; r++) {
      const p = src + <usize>(min(g + r, rows - 1) * columns) * 2, to = dst + <usize>(g * columns + r) * 2;
      for (let c: usize = 0; c < <usize>columns; c++) {
        const packed = packedScale(load<u16>(p + (c << 1)));
        flags |= packed;
        store<u16>(to + (c << 4), <u16>packed);
      }
    }
  }
  return flags;
}

export function packBF16(src: usize, dst: usize, columns: i32, rows: i32): u32 {
  let flags: u32 = 0;
  for (let g = 0; g < rows; g += 8) {
    for (let r = 0; r < 8; r++) {
      const p = src + <usize>(min(g + r, rows - 1) * columns) * 2, to = dst + <usize>(g * columns + r) * 2;
      for (let c: usize = 0; c < <usize>columns; c++) {
        const bits = <u32>load<u16>(p + (c << 1));
        flags |= <u32>((bits & 0x7f80) == 0x7f80) << FLAGS;
        store<u16>(to + (c << 4), <u16>bits);
      }
    }
  }
  return flags;
}
