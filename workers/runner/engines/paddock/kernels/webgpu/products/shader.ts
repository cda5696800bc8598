/** A product's shader from its pieces. */
import { declare, enables, STATE, type Binding, type KernelFeatures } from '../kernel';
import { BINDING_TYPES, firstRows, putFunction, type Product } from './product';
import { unitHelpers } from './unit';

/** `rows(place, …)` or `rows1(place, …)`: what workgroup number `place` of the segments `which` does. */
export interface Rows {
  /** Declarations in workgroup memory; those of two bodies may be the same. */
  memory: readonly string[];
  code: string;
}

export interface Pieces {
  product: Product;
  features: KernelFeatures;
  bindings: readonly Binding[];
  workgroup: number;
  functions: readonly string[];
  bodies: readonly Rows[];
  /** Workgroups of the first body. */
  first: number;
  /** Statements of `main` that set `place`, and what else the bodies get. */
  start: string;
  more: readonly string[];
}

/** One body for all that a workgroup does: both matrices of `gated`, or one segment, to which it belongs as a whole. */
export function bodiesOf(
  product: Product,
  body: (which: readonly number[], firstRow: number) => Rows,
): Rows[] {
  const starts = firstRows(product);
  if (product.epilogue === 'gated') return [body([0, 1], starts[0]!)];
  return product.segments.map((_, n) => body([n], starts[n]!));
}

/** Workgroups of each body, when one does `rows` rows. */
export function countsOf({ segments, epilogue }: Product, rows: number): number[] {
  const counts = segments.map((segment) => Math.ceil(segment.rows / rows));
  return epilogue === 'gated' ? [counts[0]!] : counts;
}

export function shader(pieces: Pieces): string {
  const { product, features, bindings, workgroup, functions, bodies, first, start } = pieces;
  const more = ['local', ...pieces.more].join(', ');
  const call =
    bodies.length === 1
      ? `rows(place, ${more});`
      : `if (place < ${first}u) {
    rows(place, ${more});
  } else {
    rows1(place - ${first}u, ${more});
  }`;
  return `${enables(features)}
${STATE}
${declare(bindings, BINDING_TYPES)}
${unitHelpers(features)}
${functions.join('\n')}
${putFunction(product)}
${[...new Set(bodies.flatMap(({ memory }) => memory))].join('\n')}
${bodies.map(({ code }) => code).join('\n')}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  ${start}
  ${call}
}
`;
}

export const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
