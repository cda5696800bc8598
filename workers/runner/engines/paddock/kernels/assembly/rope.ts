// Rotary position: https://arxiv.org/abs/2104.09864, on adjacent pairs.

/** Two pairs, turned by the angles whose cosines and sines are in the first two lanes. */
@inline
export function turnPairs(v: v128, c: v128, s: v128): v128 {
  // a cos - b sin, b cos + a sin: the sine's sign is turned for the even lanes.
  const cc = v128.shuffle<i32>(c, c, 0, 0, 1, 1);
  const ss = v128.xor(v128.shuffle<i32>(s, s, 0, 0, 1, 1), i64x2.splat(0x80000000));
  return f32x4.add(f32x4.mul(v, cc), f32x4.mul(v128.shuffle<i32>(v, v, 1, 0, 3, 2), ss));
}

/** Turns the pairs (x[2i], x[2i + 1]), i < pairs, in place by the angles whose f32 cosines and sines are given. */
export function rope(x: usize, cos: usize, sin: usize, pairs: i32): void {
  let i = 0;
  for (; i + 2 <= pairs; i += 2) {
    const at = <usize>i << 2, p = x + (at << 1);
    v128.store(p, turnPairs(v128.load(p), v128.load64_zero(cos + at), v128.load64_zero(sin + at)));
  }
  for (; i < pairs; i++) {
    const at = <usize>i << 2, p = x + (at << 1), a = load<f32>(p), b = load<f32>(p, 4);
    const c = load<f32>(cos + at), s = load<f32>(sin + at);
    store<f32>(p, a * c - b * s);
    store<f32>(p, b * c + a * s, 4);
  }
}
