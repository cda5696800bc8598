/** Quantized rows times several tokens, without workgroup memory: no barriers, which software adapters pay dearly. */
import { declare, enables, STATE, type KernelFeatures } from '../kernel';
import {
  BINDING_TYPES,
  bindingsOf,
  firstRows,
  labelOf,
  putFunction,
  SUFFIXES,
  type MatmulKernel,
  type Product,
} from './product';
import { quarterFunction, unitHelpers } from './unit';
import type { MatmulVariant } from './variants';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** A lane has `rows` rows of each matrix times `tokens` tokens. */
export function registersMatmul(
  product: Product,
  features: KernelFeatures,
  { workgroup, rows, tokens }: MatmulVariant,
): MatmulKernel {
  const { segments, epilogue } = product;
  const gated = epilogue === 'gated';
  const bindings = bindingsOf({ ...product, norm: undefined }, true);
  const starts = firstRows(product);
  const counts = segments.map((segment) => Math.ceil(segment.rows / (workgroup * rows)));
  const bodies = gated
    ? [rowsFunction(product, [0, 1], starts[0]!, rows, tokens)]
    : segments.map((_, n) => rowsFunction(product, [n], starts[n]!, rows, tokens));
  const code = `${enables(features)}
${STATE}
${declare(bindings, BINDING_TYPES)}
${unitHelpers(features)}
${segments.map(({ type }, n) => quarterFunction(type, SUFFIXES[n]!)).join('\n')}
${putFunction(product)}
${bodies.join('\n')}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let token = group.y * ${tokens}u;
  ${bodies.length === 1 ? `rows(group.x * ${workgroup}u + local, token);` : twoSegments(counts[0]!, workgroup)}
}
`;
  const wide = gated ? counts[0]! : counts.reduce((all, one) => all + one, 0);
  return {
    ...{ label: labelOf('matmul', product), code, bindings },
    workgroups: (count) => [wide, Math.ceil(count / tokens)],
  };
}

function twoSegments(first: number, workgroup: number): string {
  return `if (group.x < ${first}u) {
    rows(group.x * ${workgroup}u + local, token);
  } else {
    rows1((group.x - ${first}u) * ${workgroup}u + local, token);
  }`;
}

/** `rows(lane, token)`: a lane's rows of the segments `which`, whose output begins at `start`. */
function rowsFunction(
  { columns, segments }: Product,
  which: number[],
  start: number,
  rows: number,
  tokens: number,
): string {
  const count = segments[which[0]!]!.rows;
  const units = columns / 32;
  const all = which.flatMap((n) => upTo(rows).map((r) => ({ r, suffix: SUFFIXES[n]! })));
  // Sums and weights of segment 1 are told from those of segment 0 where both are here.
  const name = (what: string, { r, suffix }: { r: number; suffix: string }) =>
    `${what}${which.length > 1 && suffix !== '' ? 'Up' : ''}${r}`;
  const sum = (row: { r: number; suffix: string }, t: number) => `${name('sum', row)}_${t}`;
  return `fn rows${which[0] === 0 ? '' : '1'}(lane: u32, token: u32) {
  let first = lane * ${rows}u;
  if (first >= ${count}u) {
    return;
  }
  ${upTo(rows)
    .map((r) => `let unit${r} = min(first + ${r}u, ${count - 1}u) * ${units}u;`)
    .join('\n  ')}
  ${all.flatMap((row) => upTo(tokens).map((t) => `var ${sum(row, t)} = 0.0;`)).join('\n  ')}
  for (var unit = 0u; unit < ${units}u; unit++) {
    ${all
      .map((row) => `let ${name('scale', row)} = unitScale${row.suffix}(unit${row.r} + unit);`)
      .join('\n    ')}
    for (var k = 0u; k < 4u; k++) {
      ${all
        .map(
          (row) =>
            `let ${name('row', row)} = quarter${row.suffix}(unit${row.r} + unit, k, ${name('scale', row)});`,
        )
        .join('\n      ')}
      let at = token * ${columns / 4}u + unit * 8u + k;
      ${upTo(tokens)
        .map(
          (t) => `{
        let low = x[at + ${(t * columns) / 4}u];
        let high = x[at + ${(t * columns) / 4 + 4}u];
        ${all
          .map(
            (row) =>
              `${sum(row, t)} += dot(${name('row', row)}.low, low) + dot(${name('row', row)}.high, high);`,
          )
          .join('\n        ')}
      }`,
        )
        .join('\n      ')}
    }
  }
  ${upTo(tokens)
    .map(
      (t) => `if (token + ${t}u < state.tokens) {
    ${upTo(rows)
      .map((r) => {
        const values = which.map((n) => sum({ r, suffix: SUFFIXES[n]! }, t)).join(', ');
        return `if (first + ${r}u < ${count}u) {
      put(token + ${t}u, ${start}u + first + ${r}u, ${values});
    }`;
      })
      .join('\n    ')}
  }`,
    )
    .join('\n  ')}
}`;
}
