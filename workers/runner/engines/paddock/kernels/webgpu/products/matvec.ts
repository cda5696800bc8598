/** Quantized rows times the activations of one token. */
import type { KernelFeatures } from '../kernel';
import { bestOf, ORDER } from './best';
import { gridOf, placeOf } from './grid';
import { bindingsOf, labelOf, SUFFIXES, type MatvecKernel, type Product } from './product';
import { bodiesOf, countsOf, shader, upTo, type Rows } from './shader';
import { sharesOf, type Shares } from './shares';
import { teamSums } from './team';
import type { MatvecVariant } from './variants';

/**
 * A workgroup's teams take `rows` rows of one segment each, a lane every `lanes`-th share of them. With `norm` the
 * squares are summed in the same loop, and their root divides the sums.
 */
export function matvec(
  product: Product,
  features: KernelFeatures,
  variant: MatvecVariant,
): MatvecKernel {
  const { segments, epilogue } = product;
  const { workgroup, lanes, rows } = variant;
  const logits = epilogue === 'logits';
  const counts = countsOf(product, (workgroup / lanes) * rows);
  const count = counts.reduce((all, one) => all + one, 0);
  const shares = sharesOf(product, variant);
  const bindings = bindingsOf(product, logits);
  const functions = segments.map(({ type }, n) => shares.functions(type, SUFFIXES[n]!));
  const code = shader({
    ...{ product, features, bindings, workgroup },
    functions: [...functions, shares.common, logits ? ORDER : ''],
    bodies: bodiesOf(product, (which, firstRow) =>
      rowsOf({ product, features, variant, shares, which, firstRow }),
    ),
    ...{ first: counts[0]!, start: placeOf(count), more: [] },
  });
  const kernel = { label: labelOf('matvec', product), code, bindings, workgroups: gridOf(count) };
  return logits ? { ...kernel, best: count } : kernel;
}

interface Task {
  product: Product;
  features: KernelFeatures;
  variant: MatvecVariant;
  shares: Shares;
  /** Segments whose rows are computed beside each other, and where in `out` they go. */
  which: readonly number[];
  firstRow: number;
}

function rowsOf({ product, features, variant, shares, which, firstRow }: Task): Rows {
  const { columns, segments, epilogue, norm, firstBest = 0 } = product;
  const { workgroup, lanes, rows } = variant;
  const units = columns / 32;
  const count = segments[which[0]!]!.rows;
  const teams = workgroup / lanes;
  const sum = (n: number, r: number) => (n === which[0] ? `sum${r}` : `up${r}`);
  const sums = which.flatMap((n) => upTo(rows).map((r) => sum(n, r)));
  const products = which.flatMap((n) =>
    upTo(rows).map((r) => `${sum(n, r)} += ${shares.call(SUFFIXES[n]!, `unit${r}`)};`),
  );
  const all = norm === undefined ? sums : [...sums, 'squares'];
  const team = teamSums(all, lanes, workgroup, features);
  const logits = epilogue === 'logits';
  const best = logits ? bestOf({ rows, count, teams, firstRow, firstBest }) : undefined;
  const puts = upTo(rows).map((r) => {
    const values = which.map((n) => sum(n, r)).join(', ');
    return `if (lane == ${r % lanes}u && first + ${r}u < ${count}u) {
    put(0u, ${firstRow}u + first + ${r}u, ${values});
  }`;
  });
  const code = `fn rows${SUFFIXES[which[0]!]}(place: u32, local: u32) {
  let lane = local % ${lanes}u;
  let team = local / ${lanes}u;
  let first = (place * ${teams}u + team) * ${rows}u;
  ${upTo(rows)
    .map((r) => `let unit${r} = min(first + ${r}u, ${count - 1}u) * ${units}u;`)
    .join('\n  ')}
  ${all.map((name) => `var ${name} = 0.0;`).join('\n  ')}
  let start = ${logits ? `state.row * ${columns / 4}u` : '0u'};
  ${shares.before}
  for (var share = lane; share < ${shares.count}u; share += ${lanes}u) {
    ${shares.load}
    ${products.join('\n    ')}
  }
  ${team.code}
  ${norm === undefined ? '' : normalize(sums, columns, norm)}
  ${puts.join('\n  ')}
  ${best?.code ?? ''}
}`;
  return { memory: [...shares.memory, team.memory, best?.memory ?? ''], code };
}

/** RMSNorm is linear but for its root: x · w / sqrt(mean(x²) + epsilon). */
function normalize(sums: readonly string[], columns: number, epsilon: number): string {
  const lines = sums.map((sum) => `${sum} *= root;`);
  return `let root = inverseSqrt(squares / ${columns}.0 + ${epsilon});
  ${lines.join('\n  ')}`;
}
