// One row of a packed matrix as floats: the embedding of a token.
import { BF16, F16, F32, MATRIX_COLUMNS, MATRIX_DATA, MATRIX_GROUP_BYTES, MATRIX_TYPE, Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K, Q6_K, Q8_0 } from '../layout';
import { scaleOf } from './scales';

/** Writes row `row` of `matrix`: f32 [columns] at `out`. */
export function unpackRow(matrix: usize, row: i32, out: usize): void {
  const type = load<i32>(matrix + MATRIX_TYPE), columns = load<i32>(matrix + MATRIX_COLUMNS), r = <usize>(row & 7);
  const p = <usize>load<u32>(matrix + MATRIX_DATA) + <usize>(row >> 3) * <usize>load<u32>(matrix + MATRIX_GROUP_BYTES);
  switch (type) {
    case Q4_0: return small(4, false, p, r, columns, out);
    case Q4_1: return small(4, true, p, r, columns, out);
    case Q5_0: return small(5, false, p, r, columns, out);
    case Q5_1: return small(5, true, p, r, columns, out);
    case Q4_K: return large(4, p, r, columns, out);
    case Q5_K: return large(5, p, r, columns, out);
    case Q6_K: return sixes(p, r, columns, out);
    case Q8_0: return eights(p, r, columns, out);
    case F32: for (let c: usize = 0; c < <usize>columns; c++) store<f32>(out + c * 4, load<f32>(p + c * 32 + r * 4)); return;
    case F16: for (let c: usize = 0; c < <usize>columns; c++) store<f32>(out + c * 4, scaleOf(p + c * 16 + r * 2)); return;
    case BF16:
      for (let c: usize = 0; c < <usize>columns; c++) store<u32>(out + c * 4, <u32>load<u16>(p + c * 16 + r * 2) << 16);
      return;
    default: unreachable();
  }
}

/** Column `c` (0 to 15) of row `r` of what lies at `q` as bits.ts says. */
function weight(bits: i32, q: usize, r: usize, c: i32): i32 {
  const j = c >> 2, high = r >> 2, at = q + ((r & 3) << 2) + <usize>(c & 3);
  if (bits == 4) return (<i32>load<u8>(at + <usize>(j << 4)) >> <i32>(high << 2)) & 15;
  const field = (j << 1) + <i32>high;
  if (bits == 5) {
    if (field < 5) return <i32>load<u8>(at + <usize>(field << 4)) & 31;
    if (field == 5) return (<i32>load<u8>(at) >> 5) | (((<i32>load<u8>(at, 16) >> 5) & 3) << 3);
    if (field == 6) return (<i32>load<u8>(at, 32) >> 5) | (((<i32>load<u8>(at, 48) >> 5) & 3) << 3);
    return (<i32>load<u8>(at, 64) >> 5) | ((<i32>load<u8>(at, 16) >> 7) << 3) | ((<i32>load<u8>(at, 48) >> 7) << 4);
  }
  const from = at + <usize>((field >> 2) * 48);
  if ((field & 3) < 3) return <i32>load<u8>(from + <usize>((field & 3) << 4)) & 63;
  return (<i32>load<u8>(from, 32) >> 6) | ((<i32>load<u8>(from, 16) >> 6) << 2) | ((<i32>load<u8>(from) >> 6) << 4);
}

function small(bits: i32, minimum: bool, p: usize, r: usize, columns: i32, out: usize): void {
  const head: usize = minimum ? 32 : 16, half = <usize>(bits << 4);
  for (let b = 0; b < columns >> 5; b++) {
    const scale = scaleOf(p + r * 2), low: f32 = minimum ? scaleOf(p + 16 + r * 2) : 0;
    for (let c = 0; c < 32; c++) {
      const w = weight(bits, p + head + <usize>(c >> 4) * half, r, c & 15);
      store<f32>(out, minimum ? scale * <f32>w + low : scale * <f32>(w - (1 << (bits - 1))));
      out += 4;
    }
    p += head + half * 2;
  }
}

function large(bits: i32, p: usize, r: usize, columns: i32, out: usize): void {
  const half = <usize>(bits << 4);
  for (let b = 0; b < columns >> 8; b++) {
    const scale = scaleOf(p + r * 2), low = scaleOf(p + 16 + r * 2);
    for (let c = 0; c < 256; c++) {
      const part = c >> 5, s = <i32>load<u8>(p + 32 + <usize>(part << 3) + r);
      const m = (s >> 6) | (((<i32>load<u8>(p + 96 + <usize>((part >> 1) << 3) + r) >> ((part & 1) << 2)) & 15) << 2);
      const w = weight(bits, p + 128 + <usize>(c >> 4) * half, r, c & 15);
      store<f32>(out, scale * <f32>(s & 63) * <f32>w - low * <f32>m);
      out += 4;
    }
    p += 128 + half * 16;
  }
}

function sixes(p: usize, r: usize, columns: i32, out: usize): void {
  for (let b = 0; b < columns >> 8; b++) {
    const scale = scaleOf(p + r * 2);
    for (let c = 0; c < 256; c++) {
      const s = <i32>load<i8>(p + 16 + <usize>((c >> 5) << 4) + r * 2 + <usize>((c >> 4) & 1));
      store<f32>(out, scale * <f32>s * <f32>(weight(6, p + 144 + <usize>(c >> 4) * 96, r, c & 15) - 32));
      out += 4;
    }
    p += 1680;
  }
}

function eights(p: usize, r: usize, columns: i32, out: usize): void {
  for (let b = 0; b < columns >> 5; b++) {
    const scale = scaleOf(p + r * 2);
    for (let c = 0; c < 32; c++) {
      store<f32>(out, scale * <f32>load<i8>(p + 16 + <usize>((c >> 1) << 4) + r * 2 + <usize>(c & 1)));
      out += 4;
    }
    p += 272;
  }
}
