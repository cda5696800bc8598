/** What a lane takes of a row at a time, and of the activations: a unit, a quarter of one, or a unit in integers. */
import type { Product } from './product';
import { byteProductFunction, needsSums, productFunction, quarterProductFunction } from './unit';
import { quantizeFunction } from './quantize';
import type { MatvecVariant } from './variants';

export interface Shares {
  /** In a row. */
  count: number;
  memory: readonly string[];
  /** WGSL functions that a segment's `call` needs, and that all need. */
  functions(type: number, suffix: string): string;
  common: string;
  /** Statements before the loop; `squares` may be there. */
  before: string;
  /** Statements that begin the loop over `share`. */
  load: string;
  /** The share's product with the row whose units begin at `unit`. */
  call(suffix: string, unit: string): string;
}

export function sharesOf(
  product: Product,
  { workgroup, lanes, columns, int8 }: MatvecVariant,
): Shares {
  const { segments, norm } = product;
  const units = product.columns / 32;
  const sums = segments.some(({ type }) => needsSums(type));
  if (int8) return byteShares(product, workgroup, lanes);
  if (columns === 32) {
    return {
      ...{ count: units, memory: [], common: '', before: '', functions: productFunction },
      load: `let unit = share;
    ${activations(EIGHT, norm !== undefined)}
    let sums = ${sums ? SUMS : 'vec2f()'};`,
      call: (suffix, unit) =>
        `product${suffix}(${unit} + unit, y0, y1, y2, y3, y4, y5, y6, y7, sums)`,
    };
  }
  return {
    ...{ count: units * 4, memory: [], common: '', before: '', functions: quarterProductFunction },
    load: `let unit = share / 4u;
    let k = share % 4u;
    ${activations(['k', 'k + 4u'], norm !== undefined)}
    let sums = ${sums ? 'vec2f(dot(y0, vec4f(1.0)), dot(y1, vec4f(1.0)))' : 'vec2f()'};`,
    call: (suffix, unit) => `product${suffix}(${unit} + unit, k, y0, y1, sums)`,
  };
}

/** The workgroup makes the integers of all units first, since each is read by all its rows. */
function byteShares({ columns, norm }: Product, workgroup: number, lanes: number): Shares {
  const units = columns / 32;
  const squares = `for (var other = lane; other < ${workgroup}u; other += ${lanes}u) {
    squares += laneSquares[other];
  }`;
  return {
    count: units,
    memory: [
      `var<workgroup> bytes: array<Words, ${units}>;`,
      '/** A unit: bits of its step; the sums of its halves, two i16. */',
      `var<workgroup> steps: array<vec2u, ${units}>;`,
      ...(norm === undefined ? [] : [`var<workgroup> laneSquares: array<f32, ${workgroup}>;`]),
    ],
    functions: byteProductFunction,
    common: quantizeFunction(
      units,
      workgroup,
      activations(EIGHT, norm !== undefined),
      norm !== undefined,
    ),
    before: `quantize(start, local);
  workgroupBarrier();
  ${norm === undefined ? '' : squares}`,
    load: `let unit = share;
    let words = bytes[unit];
    let step = bitcast<f32>(steps[unit].x);
    let both = i32(steps[unit].y);
    let sums = vec2f(vec2i((both << 16u) >> 16u, both >> 16u));`,
    call: (suffix, unit) => `product${suffix}(${unit} + unit, words, step, sums)`,
  };
}

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${n}u`);

/** `y0` …, the unit's activations at `places`, four each, times their norm's weights. */
function activations(places: readonly string[], norm: boolean): string {
  const lines = places.map((place, n) => {
    const x = `x[start + unit * 8u + ${place}]`;
    if (!norm) return `let y${n} = ${x};`;
    return `let x${n} = ${x};
    squares += dot(x${n}, x${n});
    let y${n} = x${n} * norm[unit * 8u + ${place}];`;
  });
  return lines.join('\n    ');
}

const SUMS = `vec2f(
      dot((y0 + y1) + (y2 + y3), vec4f(1.0)), dot((y4 + y5) + (y6 + y7), vec4f(1.0)))`;
