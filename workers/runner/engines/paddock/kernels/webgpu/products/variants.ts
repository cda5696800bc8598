/** Ways to compute a product, for the probe to choose from. */
import type { KernelFeatures } from '../kernel';
import type { Product } from './product';

export interface MatvecVariant {
  /** Invocations; a multiple of `lanes`. */
  workgroup: number;
  /** Lanes that share rows, a power of two. */
  lanes: number;
  /** Rows that a team of lanes computes at once; of `gated` of each matrix. */
  rows: number;
  /** Activations as integers of 8 bits, a step a unit, for `dot4I8Packed`. */
  int8: boolean;
}

/** What a lane computes, and how lanes make a workgroup. */
export interface MatmulVariant {
  /** By registers alone, or with tiles in workgroup memory, for which `workgroup` is a multiple of 8. */
  kind: 'tiles' | 'registers';
  workgroup: number;
  rows: number;
  tokens: number;
}

/** A software adapter's subgroups are this small, and its barriers dear. */
const SOFTWARE = 4;

export function defaultMatvec(product: Product, { subgroup }: KernelFeatures): MatvecVariant {
  const lanes = shared(product, subgroup === 0 ? 16 : Math.min(32, subgroup));
  const rows = product.epilogue === 'gated' ? 2 : 4;
  return { workgroup: Math.max(subgroup === SOFTWARE ? 32 : 64, lanes), lanes, rows, int8: false };
}

/** The power of two up to `most` that leaves no lane without a unit. */
function shared({ columns }: Product, most: number): number {
  return 2 ** Math.floor(Math.log2(Math.min(most, columns / 32)));
}

export function defaultMatmul(_product: Product, { subgroup }: KernelFeatures): MatmulVariant {
  return subgroup === SOFTWARE
    ? { kind: 'registers', workgroup: 32, rows: 4, tokens: 8 }
    : { kind: 'tiles', workgroup: 64, rows: 4, tokens: 4 };
}
