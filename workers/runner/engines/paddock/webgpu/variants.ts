/** Which of several kernels that compute the same comes first: plain data, so that what was measured can be kept. */
import type { AttendVariant } from '../kernels/webgpu/attention/attend';
import type { ChunkVariant } from '../kernels/webgpu/attention/attend-chunk';
import type { KernelFeatures } from '../kernels/webgpu/kernel';
import type { MatmulVariant, MatvecVariant, Product } from '../kernels/webgpu/products';

/** By `productKey`; what is absent is as the kernels' own default has it. */
export interface Variants {
  matvec?: Readonly<Record<string, MatvecVariant>>;
  matmul?: Readonly<Record<string, MatmulVariant>>;
  attend?: AttendVariant;
  attendChunk?: ChunkVariant;
}

/** Lanes of a subgroup where the processor plays the adapter: there every lane more costs time. */
const SOFTWARE = 4;

/** `chosen`, then `known` in their order; the fewest lanes first on a processor. */
export function attentionOrder<V extends { workgroup: number }>(
  chosen: V | undefined,
  known: readonly V[],
  { subgroup }: KernelFeatures,
): V[] {
  const order = subgroup === SOFTWARE ? known.toSorted((a, b) => a.workgroup - b.workgroup) : known;
  return chosen ? [chosen, ...order] : [...order];
}

/** `chosen`, where it is one of `ways`: what was remembered may be anything. */
export function knownWay<V>(chosen: unknown, ways: readonly V[]): V | undefined {
  const text = JSON.stringify(chosen);
  return ways.find((way) => JSON.stringify(way) === text);
}

/** Whether products of 8-bit integers are among them. */
export function usesBytes({ matvec = {} }: Variants): boolean {
  return Object.values(matvec).some(({ int8 }) => int8);
}

export function withoutBytes({ matvec = {}, ...others }: Variants): Variants {
  const floats = Object.entries(matvec).filter(([, { int8 }]) => !int8);
  return { ...others, matvec: Object.fromEntries(floats) };
}

/** The same for products that only differ in where their rows go. */
export function productKey({ columns, segments, epilogue, norm }: Product): string {
  const sizes = segments.map(({ type, rows }) => `${type}:${rows}`);
  return `${epilogue} ${sizes.join('+')} x${columns}${norm === undefined ? '' : ' normed'}`;
}
