// Scores, four keys at a time: against the queries of a pass, two by two, or one that fits the registers.
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
  if (headSize == SEGMENT) {
    for (let i = max(0, from - position) * heads; i < queries; i++) {
      const q = intsAt(scratch) + <usize>i * width, step = load<f32>(stepsAt(scratch) + (<usize>i << 2));
      const seen = min(to, position + i / heads + 1) - from;
      alone<T>(keys + <usize>from * row, seen, q, step, lines + <usize>i * LINE);
    }
    return;
  }
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

/** Scores of `n` rows from `p` on for one query of SEGMENT values, in fewer instructions than pairs take. */
function alone<T>(p: usize, n: i32, q: usize, step: f32, out: usize): void {
  const row: usize = SEGMENT * sizeof<T>() + 4, last = p + <usize>(n - 1) * row, steps = f32x4.splat(step);
  const q0 = v128.load(q), q1 = v128.load(q, 16), q2 = v128.load(q, 32), q3 = v128.load(q, 48);
  const q4 = v128.load(q, 64), q5 = v128.load(q, 80), q6 = v128.load(q, 96), q7 = v128.load(q, 112);
  for (let i = 0; i < n; i += 4) {
    const p1 = min(p + row, last), p2 = min(p1 + row, last), p3 = min(p2 + row, last);
    const sum = total(
      products<T>(p, q0, q1, q2, q3, q4, q5, q6, q7),
      products<T>(p1, q0, q1, q2, q3, q4, q5, q6, q7),
      products<T>(p2, q0, q1, q2, q3, q4, q5, q6, q7),
      products<T>(p3, q0, q1, q2, q3, q4, q5, q6, q7),
    );
    v128.store(out, f32x4.mul(sum, f32x4.mul(steps4<T>(p, p1, p2, p3, SEGMENT), steps)));
    p = p3 + row;
    out += 16;
  }
}

@inline
function mul(a: v128, b: v128): v128 {
  return i32x4.dot_i16x8_s(a, b);
}

/** Products of a row and a query, summed into four lanes. */
@inline
function products<T>(p: usize, q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, q5: v128, q6: v128, q7: v128): v128 {
  if (sizeof<T>() == 2) {
    const a = i32x4.add(mul(v128.load(p), q0), mul(v128.load(p, 16), q1));
    const b = i32x4.add(mul(v128.load(p, 32), q2), mul(v128.load(p, 48), q3));
    const c = i32x4.add(mul(v128.load(p, 64), q4), mul(v128.load(p, 80), q5));
    const d = i32x4.add(mul(v128.load(p, 96), q6), mul(v128.load(p, 112), q7));
    return i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
  }
  const a = i32x4.add(mul(v128.load_ext<i8>(p), q0), mul(v128.load_ext<i8>(p, 8), q1));
  const b = i32x4.add(mul(v128.load_ext<i8>(p, 16), q2), mul(v128.load_ext<i8>(p, 24), q3));
  const c = i32x4.add(mul(v128.load_ext<i8>(p, 32), q4), mul(v128.load_ext<i8>(p, 40), q5));
  const d = i32x4.add(mul(v128.load_ext<i8>(p, 48), q6), mul(v128.load_ext<i8>(p, 56), q7));
  return i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
}
