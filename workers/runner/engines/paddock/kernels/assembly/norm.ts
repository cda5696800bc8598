// Element by element on rows of f32; the tail of a row whose length is no multiple of 4 goes one by one.
import { hsum, vexp } from './math';

/** out[i] = x[i] / sqrt(mean(x^2) + eps) * weight[i]; `out` may be `x`. https://arxiv.org/abs/1910.07467 */
export function rmsNorm(x: usize, weight: usize, out: usize, n: i32, eps: f32): void {
  let a = f32x4.splat(0), b = f32x4.splat(0), i = 0;
  for (; i + 8 <= n; i += 8) {
    const p = x + (<usize>i << 2), u = v128.load(p), v = v128.load(p, 16);
    a = f32x4.add(a, f32x4.mul(u, u));
    b = f32x4.add(b, f32x4.mul(v, v));
  }
  let sum = hsum(f32x4.add(a, b));
  for (; i < n; i++) {
    const v = load<f32>(x + (<usize>i << 2));
    sum += v * v;
  }
  const factor: f32 = <f32>1 / sqrt<f32>(sum / <f32>n + eps), factors = f32x4.splat(factor);
  for (i = 0; i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, f32x4.mul(f32x4.mul(v128.load(x + at), factors), v128.load(weight + at)));
  }
  for (; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(out + at, load<f32>(x + at) * factor * load<f32>(weight + at));
  }
}

/** out[i] = gate[i] / (1 + e^-gate[i]) * up[i]; `out` may be either. */
export function siluMul(gate: usize, up: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, silu(v128.load(gate + at), v128.load(up + at)));
  }
  for (; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(out + at, f32x4.extract_lane(silu(v128.load32_zero(gate + at), v128.load32_zero(up + at)), 0));
  }
}

@inline
function silu(g: v128, u: v128): v128 {
  return f32x4.mul(f32x4.div(g, f32x4.add(f32x4.splat(1), vexp(f32x4.neg(g)))), u);
}

/** x[i] += y[i]: the residual stream, or a bias. */
export function addTo(x: usize, y: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    v128.store(x + at, f32x4.add(v128.load(x + at), v128.load(y + at)));
  }
  for (; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(x + at, load<f32>(x + at) + load<f32>(y + at));
  }
}

/** x[i] *= factor. */
export function scale(x: usize, factor: f32, n: i32): void {
  const factors = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    v128.store(x + at, f32x4.mul(v128.load(x + at), factors));
  }
  for (; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(x + at, load<f32>(x + at) * factor);
  }
}
