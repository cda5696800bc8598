/**
 * What tiles hold and how it is multiplied: f32, or f16 where a device has it, in half the memory.
 *
 * An f16 ends at 65,504, and activations need not. So each unit of 32 columns is held in shares of its size: of a token
 * the largest activation, of a row what its scale and offset allow at most. No share is beyond 1. A lane has four sums of
 * every fourth column of a unit, 8 products each, so none in f16 is beyond 8 (and its rounding); what they make, times
 * both sizes, is summed in f32.
 */
import { readingOf } from '../forms';

/** Fours of a unit, and one that keeps rows from falling on the same bank. */
export const PITCH = 9;

export interface Tile {
  columns: number;
  workgroup: number;
  /** Rows of each matrix, and tokens. */
  rows: number;
  tokens: number;
}

export interface TileNumbers {
  /** A four. */
  type: 'vec4f' | 'vec4h';
  /** WGSL functions. */
  functions: string;
  /** Declarations in workgroup memory, beside those of the fours. */
  memory(tile: Tile, matrices: number): string[];
  /** Statements that fill `values`. */
  fillValues(tile: Tile): string;
  /** Statements that make `low` and `high` of `both`, the row's quarter `k`, whose `scale` is there. */
  keep(matrix: number, type: number): string;
  /** Of `sum…`: before a unit, for a four, and after the unit; `row` and `token` are places in the tile. */
  begin(sum: string): string[];
  multiply(sum: string, weight: string): string;
  end(sum: string, matrix: number, row: string, token: string): string[];
}

export const F32_TILES: TileNumbers = {
  ...{ type: 'vec4f', functions: '', memory: () => [], begin: () => [], end: () => [] },
  fillValues: ({ columns, workgroup, tokens }) =>
    `for (var i = local; i < ${tokens * 8}u; i += ${workgroup}u) {
      values[i / 8u * ${PITCH}u + i % 8u] = x[(token + i / 8u) * ${columns / 4}u + unit * 8u + i % 8u];
    }`,
  keep: () => `let low = both.low;
      let high = both.high;`,
  multiply: (sum, weight) => `sum${sum} += dot(${weight}, value);`,
};

export const F16_TILES: TileNumbers = {
  type: 'vec4h',
  functions: `fn largest(four: vec4f) -> f32 {
  return max(max(four.x, four.y), max(four.z, four.w));
}
/** Sizes too small for an inverse in f32 are as 0. */
fn inverseOf(size: f32) -> f32 {
  return select(0.0, 1.0 / size, size > 1e-35);
}`,
  memory: ({ rows, tokens }, matrices) => [
    `var<workgroup> tokenSizes: array<f32, ${tokens}>;`,
    ...Array.from(
      { length: matrices },
      (_, m) => `var<workgroup> rowSizes${m}: array<f32, ${rows}>;`,
    ),
  ],
  fillValues: ({ columns, workgroup, tokens }) =>
    `for (var i = local; i < ${tokens}u; i += ${workgroup}u) {
      let start = (token + i) * ${columns / 4}u + unit * 8u;
      var most = vec4f();
      for (var k = 0u; k < 8u; k++) {
        most = max(most, abs(x[start + k]));
      }
      tokenSizes[i] = largest(most);
      let inverse = inverseOf(largest(most));
      for (var k = 0u; k < 8u; k++) {
        values[i * ${PITCH}u + k] = vec4h(x[start + k] * inverse);
      }
    }`,
  keep(matrix, type) {
    const reading = readingOf(type);
    if (reading.kind === 'floats') throw new Error('Floats tell no size.');
    const most = reading.signed ? '127.0' : '63.0';
    return `let size = largest(max(abs(scale.yyww), abs(scale.yyww + ${most} * scale.xxzz)));
      let inverse = inverseOf(size);
      if (k == 0u) {
        rowSizes${matrix}[i / 4u] = size;
      }
      let low = vec4h(both.low * inverse);
      let high = vec4h(both.high * inverse);`;
  },
  begin: (sum) => [`var part${sum} = vec4h();`],
  multiply: (sum, weight) => `part${sum} = fma(${weight}, value, part${sum});`,
  end: (sum, matrix, row, token) => [
    `sum${sum} += dot(vec4f(part${sum}), vec4f(1.0)) * rowSizes${matrix}[${row}] * tokenSizes[${token}];`,
  ],
};
