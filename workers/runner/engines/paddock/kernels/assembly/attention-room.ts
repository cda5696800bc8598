// A thread's room while it attends, and the form in which queries lie there.
import { SPAN } from '../program-layout';
import { storeInts16 } from './cache';

/** Query rows (tokens times heads) of one pass: their integers and sums stay in the first cache. */
export const QUERIES = 48;

/** Positions whose weights share a step, and whose products with values one i32 lane holds: see blend. */
export const TILE = 16;

/**
 * A query's line: SPAN scores in f32, later overwritten by SPAN weights in i16 and behind them 32 bytes of sums;
 * then what a step of each tile's weights is worth, f32 [SPAN / TILE]. 128 more than those take, so that lines do not
 * all fall on the same cache sets.
 */
export const LINE = SPAN * 4 + SPAN / 4 + 128;
export const LINE_SUMS = SPAN * 2;
export const LINE_STEPS = SPAN * 4;

/** Bytes of the table that weighTable writes. */
const WEIGH_TABLE = 11 * 16;

/** Scores are in units of ln 2, so that weights are powers of two. */
const LOG2_E: f32 = 1.4426950408889634;

/** Of 14 bits with a key's 14: 16 products, 64 values' share of one lane, fill an i32. */
const QUERY_LIMIT: f32 = 8191;

/** Bytes of one head in a span's result: the greatest score, the sum of weights, two unused, f32 [headSize]. */
export function recordBytes(headSize: i32): i32 {
  return (headSize + 4) << 2;
}

/** Bytes of scratch that attendSpan and attendBlock use at most. */
export function attendScratch(headSize: i32): i32 {
  return SPAN * 4 + WEIGH_TABLE + QUERIES * (16 + (headSize << 1) + LINE + 2 * recordBytes(headSize));
}

// The parts of it: the values' steps f32 [SPAN], weigh's table, the queries' steps f32 [QUERIES], their integers, lines, records.

@inline
export function tableAt(scratch: usize): usize {
  return scratch + SPAN * 4;
}

@inline
export function stepsAt(scratch: usize): usize {
  return tableAt(scratch) + WEIGH_TABLE;
}

@inline
export function intsAt(scratch: usize): usize {
  return stepsAt(scratch) + QUERIES * 16;
}

@inline
export function linesAt(scratch: usize, headSize: i32): usize {
  return intsAt(scratch) + <usize>(QUERIES * (headSize << 1));
}

@inline
export function recordsAt(scratch: usize, headSize: i32): usize {
  return linesAt(scratch, headSize) + QUERIES * LINE;
}

/** A tile's rows, in place of the queries' integers: of the last span, whose scores are there by then. */
@inline
export function tileAt(scratch: usize): usize {
  return intsAt(scratch);
}

/**
 * Writes `heads` adjacent queries (f32 [headSize], times 1 / sqrt(headSize) already) as integers into the scratch,
 * from the query number `first` on.
 */
export function placeQueries(q: usize, heads: i32, headSize: i32, first: i32, scratch: usize): void {
  for (let h = 0; h < heads; h++) {
    const ints = intsAt(scratch) + <usize>((first + h) * (headSize << 1));
    const step = storeInts16(q + <usize>(h * (headSize << 2)), ints, headSize, QUERY_LIMIT);
    store<f32>(stepsAt(scratch) + (<usize>(first + h) << 2), step * LOG2_E);
  }
}
