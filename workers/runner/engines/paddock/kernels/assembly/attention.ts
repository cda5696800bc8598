// Attention over the cache of one key-value head, in spans of SPAN positions that are merged in order. A token's
// result is the same bits in decode and in prefill: tiles and spans start at fixed positions, sums of products are
// exact, and no query's numbers meet another's. Softmax by spans: https://arxiv.org/abs/1805.02867
import { CACHE_8, SPAN } from '../program-layout';
import { LINE, QUERIES, TILE, linesAt, placeQueries, recordBytes, recordsAt, tableAt, tileAt } from './attention-room';
import { scores, steps4 } from './attention-scores';
import { blend } from './attention-values';
import { weigh, weighTable } from './attention-weights';
import { vexp } from './math';

export { attendScratch, placeQueries, recordBytes } from './attention-room';

const LN_2: f32 = 0.6931471805599453;

/**
 * One token's attention over the positions `from` (a multiple of SPAN) to `to` (at most SPAN later), for `heads`
 * (at most 16) query heads that share these keys and values. The queries lie in the scratch (placeQueries), for all
 * spans in ascending order: one that ends within a tile takes their room. Writes `heads` records of recordBytes at
 * `out`, for mergeSpans. headSize is a multiple of 8.
 */
export function attendSpan(
  kind: i32, heads: i32, keys: usize, values: usize, from: i32, to: i32, headSize: i32, scratch: usize, out: usize,
): void {
  if (kind == CACHE_8) span<i8>(keys, values, from, to, heads, 1, to - 1, headSize, scratch, out);
  else span<i16>(keys, values, from, to, heads, 1, to - 1, headSize, scratch, out);
}

/**
 * Attention of `tokens` tokens from `position` on, each over the positions up to its own. `q` and `out`: f32
 * [tokens][heads][headSize], with qStride and outStride values from one token to the next.
 */
export function attendBlock(
  kind: i32, q: usize, qStride: i32, heads: i32, tokens: i32, position: i32, keys: usize, values: usize,
  headSize: i32, scratch: usize, out: usize, outStride: i32,
): void {
  const most = max(1, QUERIES / heads);
  for (let t = 0; t < tokens; t += most) {
    const count = min(most, tokens - t);
    for (let i = 0; i < count; i++) {
      placeQueries(q + (<usize>((t + i) * qStride) << 2), heads, headSize, i * heads, scratch);
    }
    if (kind == CACHE_8) pass<i8>(keys, values, heads, count, position + t, headSize, scratch);
    else pass<i16>(keys, values, heads, count, position + t, headSize, scratch);
    const record = <usize>recordBytes(headSize);
    let sums = totalsAt(scratch, headSize);
    for (let i = 0; i < count; i++) {
      for (let h = 0; h < heads; h++) {
        divide(sums + 16, load<f32>(sums, 4), headSize, out + (<usize>((t + i) * outStride + h * headSize) << 2));
        sums += record;
      }
    }
  }
}

/**
 * Merges the results of `spans` adjacent spans, each `heads` records, into `out`: f32 [heads][headSize]. The
 * records stay as they are: in decode every thread reads them.
 */
export function mergeSpans(partials: usize, spans: i32, heads: i32, headSize: i32, out: usize): void {
  const record = <usize>recordBytes(headSize), stride = record * <usize>heads;
  for (let h = 0; h < heads; h++) {
    let p = partials + <usize>h * record, top = load<f32>(p), sum = load<f32>(p, 4);
    const target = out + (<usize>(h * headSize) << 2);
    memory.copy(target, p + 16, <usize>(headSize << 2));
    for (let s = 1; s < spans; s++) {
      p += stride;
      const greater = max<f32>(top, load<f32>(p)), factors = factorsOf(top, load<f32>(p), greater);
      sum = mergedSum(sum, load<f32>(p, 4), factors);
      mergeValues(target, p + 16, factors, headSize);
      top = greater;
    }
    divide(target, sum, headSize, target);
  }
}

@inline
function totalsAt(scratch: usize, headSize: i32): usize {
  return recordsAt(scratch, headSize) + <usize>(QUERIES * recordBytes(headSize));
}

/** All spans of a block of tokens; the sums are left in the scratch's last records. */
function pass<T>(keys: usize, values: usize, heads: i32, tokens: i32, position: i32, headSize: i32, scratch: usize): void {
  const end = position + tokens, record = <usize>recordBytes(headSize);
  const records = recordsAt(scratch, headSize), totals = totalsAt(scratch, headSize);
  for (let from = 0; from < end; from += SPAN) {
    span<T>(keys, values, from, min(from + SPAN, end), heads, tokens, position, headSize, scratch, from ? records : totals);
    if (!from) continue;
    for (let i = max(0, from - position) * heads; i < heads * tokens; i++) {
      merge(totals + <usize>i * record, records + <usize>i * record, headSize);
    }
  }
}

/** One span: writes the records of the queries that see any of it. */
function span<T>(
  keys: usize, values: usize, from: i32, to: i32, heads: i32, tokens: i32, position: i32, headSize: i32,
  scratch: usize, out: usize,
): void {
  const lines = linesAt(scratch, headSize), record = <usize>recordBytes(headSize), queries = heads * tokens;
  const row = <usize>headSize * sizeof<T>() + 4;
  weighTable(tableAt(scratch));
  touch(keys + <usize>from * row, keys + <usize>to * row, values + <usize>from * row, scratch);
  scores<T>(keys, from, to, heads, tokens, position, headSize, scratch);
  valueSteps<T>(values, from, to, headSize, scratch);
  for (let i = max(0, from - position) * heads; i < queries; i++) {
    const target = out + <usize>i * record;
    for (let at: usize = 16; at < record; at += 16) v128.store(target + at, i32x4.splat(0));
    weigh(lines + <usize>i * LINE, min(position + i / heads + 1, to) - from, scratch, target, tableAt(scratch));
  }
  blend<T>(values, from, to, heads, tokens, position, headSize, lines, out, tileAt(scratch));
}

/**
 * Reads one word of every cache line of two blocks, many at a time and both at once: the rows then come at the
 * memory's own pace, where the loops that follow would wait for each. WebAssembly has no prefetch.
 */
function touch(from: usize, to: usize, other: usize, room: usize): void {
  let a = 0, b = 0;
  other -= from;
  for (let p = from; p < to; p += 64) {
    a ^= load<i32>(p);
    b ^= load<i32>(p + other);
  }
  store<i32>(room, a ^ b);
}

/** The steps of the span's values, side by side; the last ones repeat. */
function valueSteps<T>(values: usize, from: i32, to: i32, headSize: i32, out: usize): void {
  const row = <usize>headSize * sizeof<T>() + 4, last = values + <usize>(to - 1) * row;
  const end = from + ((to - from + TILE - 1) & -TILE);
  for (let j = from; j < end; j += 4) {
    const p0 = min(values + <usize>j * row, last), p1 = min(p0 + row, last), p2 = min(p1 + row, last), p3 = min(p2 + row, last);
    v128.store(out + (<usize>(j - from) << 2), steps4<T>(p0, p1, p2, p3, headSize));
  }
}

/** Adds the record `b` to the record `a`, both on the greater of their two greatest scores. */
function merge(a: usize, b: usize, headSize: i32): void {
  const x = load<f32>(a), y = load<f32>(b), greater = max<f32>(x, y), factors = factorsOf(x, y, greater);
  store<f32>(a, greater);
  store<f32>(a, mergedSum(load<f32>(a, 4), load<f32>(b, 4), factors), 4);
  mergeValues(a + 16, b + 16, factors, headSize);
}

/** 2^(x - greater) and 2^(y - greater), in the first two lanes: scores are in units of ln 2. */
@inline
function factorsOf(x: f32, y: f32, greater: f32): v128 {
  const v = f32x4.replace_lane(f32x4.splat(x - greater), 1, y - greater);
  return vexp(f32x4.mul(v, f32x4.splat(LN_2)));
}

@inline
function mergedSum(a: f32, b: f32, factors: v128): f32 {
  return a * f32x4.extract_lane(factors, 0) + b * f32x4.extract_lane(factors, 1);
}

function mergeValues(a: usize, b: usize, factors: v128, headSize: i32): void {
  const f = v128.shuffle<i32>(factors, factors, 0, 0, 0, 0), g = v128.shuffle<i32>(factors, factors, 1, 1, 1, 1);
  for (let at: usize = 0; at < <usize>(headSize << 2); at += 16) {
    v128.store(a + at, f32x4.add(f32x4.mul(v128.load(a + at), f), f32x4.mul(v128.load(b + at), g)));
  }
}

/** out[i] = values[i] / sum, for a sum of weights that is never below 1; `out` may be `values`. */
function divide(values: usize, sum: f32, headSize: i32, out: usize): void {
  const factor = f32x4.splat(<f32>1 / sum);
  for (let at: usize = 0; at < <usize>(headSize << 2); at += 16) {
    v128.store(out + at, f32x4.mul(v128.load(values + at), factor));
  }
}
