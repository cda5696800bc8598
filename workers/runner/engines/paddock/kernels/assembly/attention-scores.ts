// Scores: four keys at a time against the queries of a pass, two by two.
import { LINE, intsAt, linesAt, stepsAt } from './attention-room';
import { hsum4 } from './math';

/** Values whose products one i32 lane holds: see QUERY_LIMIT. */
const SEGMENT = 64;

/** Eight integers of a row: T is i16 or i8, as the cache keeps them. */
@inline
export function load8<T>(p: usize): v128 {
  if (sizeof<T>() == 2) return v128.load(p);
  return v128.load_ext<i8>(p);
}

/** The steps of four rows, as a vector. */
@inline
export function steps4<T>(p0: usize, p1: usize, p2: usize, p3: usize, headSize: i32): v128 {
  const at = <usize>headSize * sizeof<T>();
  let v = v128.load32_zero(p0 + at);
  v = v128.load32_lane(p1 + at, v, 1);
  v = v128.load32_lane(p2 + at, v, 2);
  return v128.load32_lane(p3 + at, v, 3);
}

/**
 * Writes the scores of the positions `from` to `to` (at most a span) into the queries' lines. Query t * heads + h
 * belongs to the token at `position` + t; of the scores behind that position some are left out, some written.
 */
export function scores<T>(
  keys: usize, from: i32, to: i32, heads: i32, tokens: i32, position: i32, headSize: i32, scratch: usize,
): void {
  const row = <usize>headSize * sizeof<T>() + 4, queries = heads * tokens, last = keys + <usize>(to - 1) * row;
  const lines = linesAt(scratch, headSize), width = <usize>(headSize << 1);
  for (let j = from; j < to; j += 4) {
    // The last tile repeats the last key: rows behind it may never have been written.
    const p0 = keys + <usize>j * row, p1 = min(p0 + row, last), p2 = min(p1 + row, last), p3 = min(p2 + row, last);
    const keySteps = steps4<T>(p0, p1, p2, p3, headSize);
    let i = max(0, j - position) * heads;
    let q = intsAt(scratch) + <usize>i * width, qs = stepsAt(scratch) + (<usize>i << 2);
    let out = lines + <usize>i * LINE + (<usize>(j - from) << 2);
    for (; i + 2 <= queries; i += 2) {
      pair<T>(p0, p1, p2, p3, q, headSize, keySteps, qs, out);
      q += width << 1;
      qs += 8;
      out += 2 * LINE;
    }
    if (i < queries) single<T>(p0, p1, p2, p3, q, headSize, keySteps, qs, out);
  }
}

@inline
function dot(a: v128, b: v128, sum: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(a, b));
}

@inline
function total(a: v128, b: v128, c: v128, d: v128): v128 {
  return hsum4(f32x4.convert_i32x4_s(a), f32x4.convert_i32x4_s(b), f32x4.convert_i32x4_s(c), f32x4.convert_i32x4_s(d));
}

@inline
function pair<T>(
  p0: usize, p1: usize, p2: usize, p3: usize, q: usize, headSize: i32, keySteps: v128, qs: usize, out: usize,
): void {
  const zero = i32x4.splat(0), width = <usize>(headSize << 1);
  let s = zero, t = zero;
  for (let from: usize = 0; from < <usize>headSize; from += SEGMENT) {
    const to = min(from + SEGMENT, <usize>headSize);
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    for (let d = from; d < to; d += 8) {
      const at = d * sizeof<T>(), x = v128.load(q + (d << 1)), y = v128.load(q + width + (d << 1));
      let k = load8<T>(p0 + at);
      a0 = dot(x, k, a0);
      b0 = dot(y, k, b0);
      k = load8<T>(p1 + at);
      a1 = dot(x, k, a1);
      b1 = dot(y, k, b1);
      k = load8<T>(p2 + at);
      a2 = dot(x, k, a2);
      b2 = dot(y, k, b2);
      k = load8<T>(p3 + at);
      a3 = dot(x, k, a3);
      b3 = dot(y, k, b3);
    }
    s = f32x4.add(s, total(a0, a1, a2, a3));
    t = f32x4.add(t, total(b0, b1, b2, b3));
  }
  v128.store(out, f32x4.mul(s, f32x4.mul(keySteps, v128.load32_splat(qs))));
  v128.store(out + LINE, f32x4.mul(t, f32x4.mul(keySteps, v128.load32_splat(qs, 4))));
}

@inline
function single<T>(
  p0: usize, p1: usize, p2: usize, p3: usize, q: usize, headSize: i32, keySteps: v128, qs: usize, out: usize,
): void {
  const zero = i32x4.splat(0);
  let s = zero;
  for (let from: usize = 0; from < <usize>headSize; from += SEGMENT) {
    const to = min(from + SEGMENT, <usize>headSize);
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    for (let d = from; d < to; d += 8) {
      const at = d * sizeof<T>(), x = v128.load(q + (d << 1));
      a0 = dot(x, load8<T>(p0 + at), a0);
      a1 = dot(x, load8<T>(p1 + at), a1);
      a2 = dot(x, load8<T>(p2 + at), a2);
      a3 = dot(x, load8<T>(p3 + at), a3);
    }
    s = f32x4.add(s, total(a0, a1, a2, a3));
  }
  v128.store(out, f32x4.mul(s, f32x4.mul(keySteps, v128.load32_splat(qs))));
}
