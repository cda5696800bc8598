/** Quantized rows times the activations of one token. */
import { declare, enables, STATE, type KernelFeatures } from '../kernel';
import { bestOf, ORDER } from './best';
import { gridOf, placeOf } from './grid';
import {
  BINDING_TYPES,
  bindingsOf,
  firstRows,
  labelOf,
  putFunction,
  SUFFIXES,
  type MatvecKernel,
  type Product,
} from './product';
import { teamSums } from './team';
import { needsSums, productFunction, unitHelpers } from './unit';
import type { MatvecVariant } from './variants';

/**
 * A workgroup's teams take `rows` rows of one segment each, a lane every `lanes`-th unit of them. With `norm` the
 * squares are summed in the same loop, and their root divides the sums.
 */
export function matvec(
  product: Product,
  features: KernelFeatures,
  variant: MatvecVariant,
): MatvecKernel {
  const { segments, epilogue } = product;
  const { workgroup, lanes, rows } = variant;
  const teams = workgroup / lanes;
  const gated = epilogue === 'gated';
  const counts = segments.map((segment) => Math.ceil(segment.rows / (teams * rows)));
  const count = gated ? counts[0]! : counts.reduce((all, one) => all + one, 0);
  const bindings = bindingsOf(product, epilogue === 'logits');
  const starts = firstRows(product);
  const bodies = gated
    ? [rowsFunction(product, features, variant, [0, 1], starts[0]!)]
    : segments.map((_, n) => rowsFunction(product, features, variant, [n], starts[n]!));
  const functions = segments.map(({ type }, n) => productFunction(type, SUFFIXES[n]!));
  const code = `${enables(features)}
${STATE}
${declare(bindings, BINDING_TYPES)}
${unitHelpers(features)}
${functions.join('\n')}
${putFunction(product)}
${epilogue === 'logits' ? ORDER : ''}
${[...new Set(bodies.flatMap(({ memory }) => memory))].join('\n')}
${bodies.map((body) => body.code).join('\n')}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  ${placeOf(count)}
  ${bodies.length === 1 ? 'rows(place, local);' : twoSegments(counts[0]!)}
}
`;
  const workgroups = gridOf(count);
  const kernel = { label: labelOf('matvec', product), code, bindings, workgroups };
  return epilogue === 'logits' ? { ...kernel, best: count } : kernel;
}

/** The same for all lanes of a workgroup. */
function twoSegments(first: number): string {
  return `if (place < ${first}u) {
    rows(place, local);
  } else {
    rows1(place - ${first}u, local);
  }`;
}

interface Body {
  memory: string[];
  code: string;
}

/** `rows(place, local)`: the segments `which`, row by row beside each other; their output begins at `start`. */
function rowsFunction(
  product: Product,
  features: KernelFeatures,
  { workgroup, lanes, rows }: MatvecVariant,
  which: number[],
  start: number,
): Body {
  const { columns, segments, epilogue, norm } = product;
  const units = columns / 32;
  const count = segments[which[0]!]!.rows;
  const numbers = Array.from({ length: rows }, (_, r) => r);
  const sumOf = (n: number, r: number) => (n > 0 && which.length > 1 ? `other${r}` : `sum${r}`);
  const sums = which.flatMap((n) => numbers.map((r) => sumOf(n, r)));
  const team = teamSums(
    norm === undefined ? sums : [...sums, 'squares'],
    lanes,
    workgroup,
    features,
  );
  const products = which.flatMap((n) =>
    numbers.map(
      (r) =>
        `${sumOf(n, r)} += product${SUFFIXES[n]!}(unit${r} + unit, y0, y1, y2, y3, y4, y5, y6, y7, sums);`,
    ),
  );
  const withSums = which.some((n) => needsSums(segments[n]!.type));
  const best =
    epilogue === 'logits'
      ? bestOf(rows, count, workgroup / lanes, {
          firstRow: start,
          firstBest: product.firstBest ?? 0,
        })
      : { memory: '', code: '' };
  const puts = numbers.map((r) => {
    const values = which.map((n) => sumOf(n, r)).join(', ');
    return `if (lane == ${r % lanes}u && first + ${r}u < ${count}u) {
    put(0u, ${start}u + first + ${r}u, ${values});
  }`;
  });
  const code = `fn rows${which[0] === 0 ? '' : '1'}(place: u32, local: u32) {
  let lane = local % ${lanes}u;
  let team = local / ${lanes}u;
  let first = (place * ${workgroup / lanes}u + team) * ${rows}u;
  ${numbers.map((r) => `let unit${r} = min(first + ${r}u, ${count - 1}u) * ${units}u;`).join('\n  ')}
  ${sums.map((sum) => `var ${sum} = 0.0;`).join('\n  ')}
  ${norm === undefined ? '' : 'var squares = 0.0;'}
  let start = ${epilogue === 'logits' ? `state.row * ${columns / 4}u` : '0u'};
  for (var unit = lane; unit < ${units}u; unit += ${lanes}u) {
    ${activations(norm !== undefined)}
    ${withSums ? SUMS : 'let sums = vec2f();'}
    ${products.join('\n    ')}
  }
  ${team.code}
  ${norm === undefined ? '' : normalize(sums, columns, norm)}
  ${puts.join('\n  ')}
  ${best.code}
}`;
  return { memory: [team.memory, best.memory].filter((line) => line !== ''), code };
}

/** `y0` … `y7`, the unit's activations, times their norm's weights. */
function activations(norm: boolean): string {
  const lines = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => {
    const x = `x[start + unit * 8u + ${n}u]`;
    if (!norm) return `let y${n} = ${x};`;
    return `let x${n} = ${x};
    squares += dot(x${n}, x${n});
    let y${n} = x${n} * norm[unit * 8u + ${n}u];`;
  });
  return lines.join('\n    ');
}

const SUMS = `let sums = vec2f(
      dot((y0 + y1) + (y2 + y3), vec4f(1.0)), dot((y4 + y5) + (y6 + y7), vec4f(1.0)));`;

/** RMSNorm is linear but for its root: x · w / sqrt(mean(x²) + epsilon). */
function normalize(sums: string[], columns: number, epsilon: number): string {
  const lines = sums.map((sum) => `${sum} *= root;`);
  return `let root = inverseSqrt(squares / ${columns}.0 + ${epsilon});
  ${lines.join('\n  ')}`;
}
