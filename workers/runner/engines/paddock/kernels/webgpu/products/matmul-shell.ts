/** What the kernels for several tokens have in common: a grid of workgroups, rows wide and tokens deep. */
import type { KernelFeatures } from '../kernel';
import { bindingsOf, labelOf, SUFFIXES, type MatmulKernel, type Product } from './product';
import { bodiesOf, countsOf, shader, type Rows } from './shader';
import { quarterFunction } from './unit';
import type { MatmulVariant } from './variants';

interface Shell {
  /** Rows of each matrix, and tokens, that a workgroup has. */
  wide: number;
  deep: number;
  functions?: readonly string[];
  rowsOf(
    product: Product,
    variant: MatmulVariant,
    which: readonly number[],
    firstRow: number,
  ): Rows;
}

export function matmulShell(
  product: Product,
  features: KernelFeatures,
  variant: MatmulVariant,
  { wide, deep, functions = [], rowsOf }: Shell,
): MatmulKernel {
  const bindings = bindingsOf({ ...product, norm: undefined }, true);
  const counts = countsOf(product, wide);
  const quarters = product.segments.map(({ type }, n) => quarterFunction(type, SUFFIXES[n]!));
  const code = shader({
    ...{ product, features, bindings, workgroup: variant.workgroup },
    functions: [...functions, ...quarters],
    bodies: bodiesOf(product, (which, firstRow) => rowsOf(product, variant, which, firstRow)),
    first: counts[0]!,
    start: `let place = group.x;
  let token = group.y * ${deep}u;`,
    more: ['token'],
  });
  const all = counts.reduce((sum, one) => sum + one, 0);
  return {
    ...{ label: labelOf(`matmul by ${variant.kind}`, product), code, bindings },
    workgroups: (count) => [all, Math.ceil(count / deep)],
  };
}
