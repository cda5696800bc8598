/** Shader text that makes a query or a key of what the projection wrote: head norm, then rope. */
import type { AttentionShape } from './shape';

/** Elements of a token's row of `qkv` [tokens][heads, kv heads, kv heads][headSize / 4] vec4f, and where its parts begin. */
export function rowOf({ heads, keyValueHeads, headSize }: AttentionShape) {
  const quads = headSize / 4;
  return {
    width: (heads + 2 * keyValueHeads) * quads,
    keys: heads * quads,
    values: (heads + keyValueHeads) * quads,
  };
}

/**
 * `headFactor(start)`, of the head whose first element is there: every lane adds up all squares, which costs less
 * than the barrier of a shared sum. `placed(start, quad, factor, position, weights)`: four columns of it.
 */
export function headsPlaced({ headSize, pairs, headNorm }: AttentionShape): string {
  const factor = `
fn headFactor(start: u32) -> f32 {
  var squares = 0.0;
  for (var quad = 0u; quad < ${headSize / 4}u; quad++) {
    let columns = qkv[start + quad];
    squares += dot(columns, columns);
  }
  return inverseSqrt(squares / ${headSize}.0 + ${headNorm});
}`;
  return `${headNorm === undefined ? '' : factor}
${turned(pairs)}
fn placed(start: u32, quad: u32, factor: f32, position: u32, weights: u32) -> vec4f {
  let columns = qkv[start + quad]${headNorm === undefined ? '' : ' * factor * headNorms[weights + quad]'};
  return turned(columns, quad, position, 1.0);
}`;
}

/** `turned`: four columns, by the angles of `position`, against the clock where `sense` is -1. */
export function turned(pairs: number): string {
  return `
fn turned(columns: vec4f, quad: u32, position: u32, sense: f32) -> vec4f {
  let pair = 2u * quad;
  var result = columns;
  if (pair < ${pairs}u) {
    let angle = rope[position * ${pairs}u + pair] * vec2f(1.0, sense);
    result.x = columns.x * angle.x - columns.y * angle.y;
    result.y = columns.y * angle.x + columns.x * angle.y;
  }
  if (pair + 1u < ${pairs}u) {
    let angle = rope[position * ${pairs}u + pair + 1u] * vec2f(1.0, sense);
    result.z = columns.z * angle.x - columns.w * angle.y;
    result.w = columns.w * angle.x + columns.z * angle.y;
  }
  return result;
}`;
}
