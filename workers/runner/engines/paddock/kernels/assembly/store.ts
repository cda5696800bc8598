// Results of a group of 8 rows.

/** Writes `rows` (1 to 8, or more) results, each times `factor`. */
@inline
export function put(out: usize, low: v128, high: v128, rows: i32, factor: f32): void {
  const a = f32x4.mul(low, f32x4.splat(factor)), b = f32x4.mul(high, f32x4.splat(factor));
  if (rows >= 8) {
    v128.store(out, a);
    v128.store(out, b, 16);
  } else putSome(out, a, b, rows);
}

function putSome(out: usize, a: v128, b: v128, rows: i32): void {
  if (rows > 0) v128.store_lane<f32>(out, a, 0);
  if (rows > 1) v128.store_lane<f32>(out, a, 1, 4);
  if (rows > 2) v128.store_lane<f32>(out, a, 2, 8);
  if (rows > 3) v128.store_lane<f32>(out, a, 3, 12);
  if (rows > 4) v128.store_lane<f32>(out, b, 0, 16);
  if (rows > 5) v128.store_lane<f32>(out, b, 1, 20);
  if (rows > 6) v128.store_lane<f32>(out, b, 2, 24);
}
