/** Which of several kernels that compute the same comes first: plain data, so that what was measured can be kept. */
import type { MatmulVariant, MatvecVariant, Product } from '../kernels/webgpu/products';

/** By `productKey`; what is absent is as the kernels' own default has it. */
export interface Variants {
  matvec?: Readonly<Record<string, MatvecVariant>>;
  matmul?: Readonly<Record<string, MatmulVariant>>;
}

/** The same for products that only differ in where their rows go. */
export function productKey({ columns, segments, epilogue, norm }: Product): string {
  const sizes = segments.map(({ type, rows }) => `${type}:${rows}`);
  return `${epilogue} ${sizes.join('+')} x${columns}${norm === undefined ? '' : ' normed'}`;
}
