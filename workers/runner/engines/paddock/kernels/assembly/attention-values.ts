// Values times weights, in tiles of TILE positions, whose rows are interleaved by pairs (0, 4), (1, 5) ...: see weigh.
import { LINE, LINE_STEPS, LINE_SUMS, TILE } from './attention-room';
import { load8 } from './attention-scores';

/**
 * Adds the weighted values of the positions `from` to `to` to the queries' records (f32 [headSize] behind 4
 * numbers). TILE products of a weight (at most 2^13) and a value (at most 16383) fit an i32. `spare`: for a tile's rows.
 */
export function blend<T>(
  values: usize, from: i32, to: i32, heads: i32, tokens: i32, position: i32, headSize: i32, lines: usize, records: usize,
  spare: usize,
): void {
  const row = <usize>headSize * sizeof<T>() + 4, record = <usize>((headSize + 4) << 2);
  for (let j = from; j < to; j += TILE) {
    const i = max(0, j - position) * heads, n = <usize>(j - from), count = heads * tokens - i;
    let p = values + <usize>j * row;
    if (j + TILE > to) {
      // The last row repeats: rows behind it may never have been written.
      for (let k = 0; k < TILE; k++) memory.copy(spare + <usize>k * row, p + <usize>min(k, to - j - 1) * row, row);
      p = spare;
    }
    const line = lines + <usize>i * LINE, w = line + (n << 1), s = line + LINE_STEPS + (n >> 2);
    const o = records + <usize>i * record + 16;
    tile<T>(p, row, headSize, w, s, o, record, count, line + LINE_SUMS);
  }
}

/** One tile: eight of its rows at a time stay in registers; the first eight's sums wait in the lines. */
function tile<T>(
  p: usize, row: usize, headSize: i32, w: usize, s: usize, o: usize, record: usize, queries: i32, sums: usize,
): void {
  const row4 = row << 2, stop = w + <usize>queries * LINE;
  for (let d: usize = 0; d < <usize>headSize; d += 8) {
    let r = p + d * sizeof<T>(), x = load8<T>(r), y = load8<T>(r + row4);
    let v0 = low(x, y), v1 = high(x, y);
    r += row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    let v2 = low(x, y), v3 = high(x, y);
    r += row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    let v4 = low(x, y), v5 = high(x, y);
    r += row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    let v6 = low(x, y), v7 = high(x, y);
    let t = sums;
    for (let q = w; q < stop; q += LINE) {
      const a = v128.load32_splat(q), b = v128.load32_splat(q, 4), c = v128.load32_splat(q, 8), e = v128.load32_splat(q, 12);
      v128.store(t, i32x4.add(i32x4.add(mul(v0, a), mul(v2, b)), i32x4.add(mul(v4, c), mul(v6, e))));
      v128.store(t, i32x4.add(i32x4.add(mul(v1, a), mul(v3, b)), i32x4.add(mul(v5, c), mul(v7, e))), 16);
      t += LINE;
    }
    r += row4 + row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    v0 = low(x, y);
    v1 = high(x, y);
    r += row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    v2 = low(x, y);
    v3 = high(x, y);
    r += row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    v4 = low(x, y);
    v5 = high(x, y);
    r += row;
    x = load8<T>(r);
    y = load8<T>(r + row4);
    v6 = low(x, y);
    v7 = high(x, y);
    t = sums;
    let step = s, out = o + (d << 2);
    for (let q = w; q < stop; q += LINE) {
      const a = v128.load32_splat(q, 16), b = v128.load32_splat(q, 20), c = v128.load32_splat(q, 24), e = v128.load32_splat(q, 28);
      x = i32x4.add(i32x4.add(mul(v0, a), mul(v2, b)), i32x4.add(mul(v4, c), mul(v6, e)));
      y = i32x4.add(i32x4.add(mul(v1, a), mul(v3, b)), i32x4.add(mul(v5, c), mul(v7, e)));
      put(out, i32x4.add(x, v128.load(t)), i32x4.add(y, v128.load(t, 16)), step);
      t += LINE;
      step += LINE;
      out += record;
    }
  }
}

/** Adds sums of products, by the step of their weights, to eight numbers of a record. */
@inline
function put(o: usize, x: v128, y: v128, s: usize): void {
  const step = v128.load32_splat(s);
  v128.store(o, f32x4.add(v128.load(o), f32x4.mul(f32x4.convert_i32x4_s(x), step)));
  v128.store(o, f32x4.add(v128.load(o, 16), f32x4.mul(f32x4.convert_i32x4_s(y), step)), 16);
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
