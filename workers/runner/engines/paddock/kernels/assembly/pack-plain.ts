// The types whose columns stay whole: Q8_0, and the floats.
import { FLAGS, packedScale } from './scales';

/** For each 32 columns: 8 scales; for each 2 of them the 8 rows' pairs. */
export function packQ8(src: usize, dst: usize, columns: i32, rows: i32): u32 {
  const blocks = columns >> 5, row = <usize>(blocks * 34);
  let flags: u32 = 0, o = dst;
  for (let g = 0; g < rows; g += 8) {
    for (let b = 0; b < blocks; b++) {
      for (let r = 0; r < 8; r++) {
        const p = src + <usize>min(g + r, rows - 1) * row + <usize>(b * 34), to = o + <usize>(r << 1);
        const packed = packedScale(load<u16>(p));
        flags |= packed;
        store<u16>(to, <u16>packed);
        for (let j: usize = 0; j < 16; j++) store<u16>(to + (j << 4), load<u16>(p + (j << 1), 2), 16);
      }
      o += 272;
    }
  }
  return flags;
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
