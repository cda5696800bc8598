// Values times weights: tiles of 8 positions, whose rows are interleaved by pairs once for all queries.
import { LINE, LINE_STEPS } from './attention-room';
import { load8 } from './attention-scores';

/**
 * Adds the weighted values of the positions `from` to `to` to the queries' records (f32 [headSize] behind 4
 * numbers). 8 products of a weight (at most 2^14) and a value (at most 16383) fit an i32.
 */
export function blend<T>(
  values: usize, from: i32, to: i32, heads: i32, tokens: i32, position: i32, headSize: i32, lines: usize, records: usize,
): void {
  const row = <usize>headSize * sizeof<T>() + 4, queries = heads * tokens, last = values + <usize>(to - 1) * row;
  const record = <usize>((headSize + 4) << 2);
  for (let j = from; j < to; j += 8) {
    const i = max(0, j - position) * heads, n = <usize>(j - from);
    const line = lines + <usize>i * LINE, out = records + <usize>i * record + 16, count = queries - i;
    const p0 = values + <usize>j * row, p1 = min(p0 + row, last), p2 = min(p1 + row, last), p3 = min(p2 + row, last);
    const p4 = min(p3 + row, last), p5 = min(p4 + row, last), p6 = min(p5 + row, last), p7 = min(p6 + row, last);
    for (let d: usize = 0; d < <usize>headSize; d += 8) {
      const at = d * sizeof<T>();
      let a = load8<T>(p0 + at), b = load8<T>(p1 + at);
      const v0 = low(a, b), v1 = high(a, b);
      a = load8<T>(p2 + at);
      b = load8<T>(p3 + at);
      const v2 = low(a, b), v3 = high(a, b);
      a = load8<T>(p4 + at);
      b = load8<T>(p5 + at);
      const v4 = low(a, b), v5 = high(a, b);
      a = load8<T>(p6 + at);
      b = load8<T>(p7 + at);
      const v6 = low(a, b), v7 = high(a, b);
      let w = line + (n << 1), s = line + LINE_STEPS + (n >> 1), o = out + (d << 2);
      for (let q = 0; q < count; q++) {
        const w0 = v128.load32_splat(w), w1 = v128.load32_splat(w, 4), w2 = v128.load32_splat(w, 8), w3 = v128.load32_splat(w, 12);
        const step = v128.load32_splat(s);
        const x = i32x4.add(i32x4.add(mul(v0, w0), mul(v2, w1)), i32x4.add(mul(v4, w2), mul(v6, w3)));
        v128.store(o, f32x4.add(v128.load(o), f32x4.mul(f32x4.convert_i32x4_s(x), step)));
        const y = i32x4.add(i32x4.add(mul(v1, w0), mul(v3, w1)), i32x4.add(mul(v5, w2), mul(v7, w3)));
        v128.store(o, f32x4.add(v128.load(o, 16), f32x4.mul(f32x4.convert_i32x4_s(y), step)), 16);
        w += LINE;
        s += LINE;
        o += record;
      }
    }
  }
}

@inline
function mul(a: v128, b: v128): v128 {
  return i32x4.dot_i16x8_s(a, b);
}

@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
