// Where the bits of 8 rows by 16 columns lie. The fields are `lo` and `hi` of j = 0 to 3: rows 0 to 3 and 4 to 7 of
// columns 4 j to 4 j + 3, a row a 32-bit lane, a column a byte of it.
//   4 bits: vector j = lo j | hi j << 4
//   5 bits: X = lo 0, Y = hi 0, Z = lo 1, W = hi 1, V = lo 2; above them, in 3 bits each, hi 2 = X, Y; lo 3 = Z, W;
//           hi 3 = V, and what Y and W have left
//   6 bits: X = lo j, Y = hi j, Z = lo j + 1; above them, in 2 bits each, hi j + 1
// All shifts are of 16-bit lanes, after a mask that leaves nothing to pass into the next byte.

@inline
export function byte(value: i32): v128 {
  return i8x16.splat(<i8>value);
}
@inline
export function low4(v: v128): v128 {
  return v128.and(v, byte(15));
}
@inline
export function high4(v: v128): v128 {
  return v128.and(i16x8.shr_u(v, 4), byte(15));
}
@inline
export function low5(v: v128): v128 {
  return v128.and(v, byte(31));
}
/** hi 2 of X and Y, lo 3 of Z and W. */
@inline
export function spare5(x: v128, y: v128): v128 {
  return v128.or(i16x8.shr_u(v128.and(x, byte(0xe0)), 5), i16x8.shr_u(v128.and(y, byte(0x60)), 2));
}
/** hi 3. */
@inline
export function last5(v: v128, y: v128, w: v128): v128 {
  return v128.or(
    i16x8.shr_u(v128.and(v, byte(0xe0)), 5),
    v128.or(i16x8.shr_u(v128.and(y, byte(0x80)), 4), i16x8.shr_u(v128.and(w, byte(0x80)), 3)),
  );
}
@inline
export function low6(v: v128): v128 {
  return v128.and(v, byte(63));
}
/** hi j + 1. */
@inline
export function spare6(x: v128, y: v128, z: v128): v128 {
  const top = byte(0xc0);
  return i16x8.shr_u(
    v128.or(
      v128.and(x, top),
      v128.or(i16x8.shr_u(v128.and(y, top), 2), i16x8.shr_u(v128.and(z, top), 4)),
    ),
    2,
  );
}
