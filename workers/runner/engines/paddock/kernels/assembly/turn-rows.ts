import { rowBytes, turnRow } from './cache';

/** Turns `count` keys' rows that follow one another: see `turnRow`. One call, where each would cost as much again. */
export function turnRows(kind: i32, rows: usize, count: i32, cos: usize, sin: usize, pairs: i32, size: i32): void {
  const stride = <usize>rowBytes(kind, size);
  for (let i = 0; i < count; i++) turnRow(kind, rows + <usize>i * stride, cos, sin, pairs, size);
}
