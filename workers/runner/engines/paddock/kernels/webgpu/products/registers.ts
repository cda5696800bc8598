/** Quantized rows times several tokens, without workgroup memory: no barriers, which software adapters pay dearly. */
import type { KernelFeatures } from '../kernel';
import { matmulShell } from './matmul-shell';
import { SUFFIXES, type MatmulKernel, type Product } from './product';
import { upTo, type Rows } from './shader';
import type { MatmulVariant } from './variants';

/** A lane has `rows` rows of each matrix times `tokens` tokens. */
export function registersMatmul(
  product: Product,
  features: KernelFeatures,
  variant: MatmulVariant,
): MatmulKernel {
  const { workgroup, rows, tokens } = variant;
  return matmulShell(product, features, variant, { wide: workgroup * rows, deep: tokens, rowsOf });
}

function rowsOf(
  { columns, segments }: Product,
  { workgroup, rows, tokens }: MatmulVariant,
  which: readonly number[],
  firstRow: number,
): Rows {
  const count = segments[which[0]!]!.rows;
  const fours = columns / 4;
  // Rows of both matrices of `gated`, by the segment's number.
  const all = which.flatMap((n) => upTo(rows).map((r) => ({ n, r, suffix: SUFFIXES[n]! })));
  const scales = all.map(
    ({ n, r, suffix }) => `let scale${n}_${r} = unitScale${suffix}(unit${r} + unit);`,
  );
  const weights = all.map(
    ({ n, r, suffix }) =>
      `let weights${n}_${r} = quarter${suffix}(unit${r} + unit, k, scale${n}_${r});`,
  );
  const products = upTo(tokens).map((t) => {
    const sums = all.map(({ n, r }) => {
      const weight = `weights${n}_${r}`;
      return `sum${n}_${r}_${t} += dot(${weight}.low, low) + dot(${weight}.high, high);`;
    });
    return `{
        let low = x[at + ${t * fours}u];
        let high = x[at + ${t * fours + 4}u];
        ${sums.join('\n        ')}
      }`;
  });
  const puts = upTo(tokens).map((t) => {
    const each = upTo(rows).map((r) => {
      const values = which.map((n) => `sum${n}_${r}_${t}`).join(', ');
      return `if (first + ${r}u < ${count}u) {
      put(token + ${t}u, ${firstRow}u + first + ${r}u, ${values});
    }`;
    });
    return `if (token + ${t}u < state.tokens) {
    ${each.join('\n    ')}
  }`;
  });
  const sums = all.flatMap(({ n, r }) => upTo(tokens).map((t) => `var sum${n}_${r}_${t} = 0.0;`));
  const code = `fn rows${SUFFIXES[which[0]!]}(place: u32, local: u32, token: u32) {
  let first = (place * ${workgroup}u + local) * ${rows}u;
  if (first >= ${count}u) {
    return;
  }
  ${upTo(rows)
    .map((r) => `let unit${r} = min(first + ${r}u, ${count - 1}u) * ${columns / 32}u;`)
    .join('\n  ')}
  ${sums.join('\n  ')}
  for (var unit = 0u; unit < ${columns / 32}u; unit++) {
    ${scales.join('\n    ')}
    for (var k = 0u; k < 4u; k++) {
      ${weights.join('\n      ')}
      let at = token * ${fours}u + unit * 8u + k;
      ${products.join('\n      ')}
    }
  }
  ${puts.join('\n  ')}
}`;
  return { memory: [], code };
}
