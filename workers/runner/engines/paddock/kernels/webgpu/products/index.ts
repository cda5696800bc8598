/** Products of quantized matrices: one token (`matvec`), or up to 64 (`matmul`). */
import type { KernelFeatures } from '../kernel';
import type { MatmulKernel, Product } from './product';
import { registersMatmul } from './registers';
import { tilesMatmul } from './tiles';
import type { MatmulVariant } from './variants';

export { matvec } from './matvec';
export type { Grid, MatmulKernel, MatvecKernel, Product, Segment } from './product';
export {
  defaultMatmul,
  defaultMatvec,
  matmulVariants,
  matvecVariants,
  type MatmulVariant,
  type MatvecVariant,
} from './variants';

/** x [T][columns], already normed, times the rows: out [T][outWidth]; T is `state.tokens`, up to 64. */
export function matmul(
  product: Product,
  features: KernelFeatures,
  variant: MatmulVariant,
): MatmulKernel {
  const make = variant.kind === 'registers' ? registersMatmul : tilesMatmul;
  return make(product, features, variant);
}
