/** Which of several kernels that compute the same comes first: plain data, so that what was measured can be kept. */
import type { AttendVariant } from '../kernels/webgpu/attention/attend';
import type { ChunkVariant } from '../kernels/webgpu/attention/attend-chunk';
import { SOFTWARE_SUBGROUP, type KernelFeatures } from '../kernels/webgpu/kernel';
import type { MatmulVariant, MatvecVariant, Product } from '../kernels/webgpu/products';

/** By `productKey`; what is absent is as the kernels' own default has it. */
export interface Variants {
  matvec?: Readonly<Record<string, MatvecVariant>>;
  matmul?: Readonly<Record<string, MatmulVariant>>;
  attend?: AttendVariant;
  attendChunk?: ChunkVariant;
}

/** The fewest lanes first on a processor. */
export function attentionOrder<V extends { workgroup: number }>(
  ways: readonly V[],
  { subgroup }: KernelFeatures,
): readonly V[] {
  return subgroup === SOFTWARE_SUBGROUP ? ways.toSorted((a, b) => a.workgroup - b.workgroup) : ways;
}

/** `ways`, led by the chosen one; with `knownOnly` where it is one of them, since what was remembered may be anything. */
export function chosenFirst<V>(chosen: V | undefined, ways: readonly V[], knownOnly: boolean): V[] {
  if (chosen === undefined) return [...ways];
  const text = JSON.stringify(chosen);
  const others = ways.filter((way) => JSON.stringify(way) !== text);
  return knownOnly && others.length === ways.length ? others : [chosen, ...others];
}

/** Whether products of 8-bit integers are among them. */
export function usesBytes({ matvec = {} }: Variants): boolean {
  return Object.values(matvec).some(({ int8 }) => int8);
}

/** Whether products in f16 are among them. */
export function usesF16({ matmul = {} }: Variants): boolean {
  return Object.values(matmul).some(({ kind }) => kind === 'f16 tiles');
}

/** Products in f32 alone. */
export function inF32({ matvec = {}, matmul = {}, ...others }: Variants): Variants {
  const vectors = Object.entries(matvec).filter(([, { int8 }]) => !int8);
  const matrices = Object.entries(matmul).filter(([, { kind }]) => kind !== 'f16 tiles');
  return {
    ...others,
    matvec: Object.fromEntries(vectors),
    matmul: Object.fromEntries(matrices),
  };
}

/** The same for products that only differ in where their rows go. */
export function productKey({ columns, segments, epilogue, norm }: Product): string {
  const sizes = segments.map(({ type, rows }) => `${type}:${rows}`);
  return `${epilogue} ${sizes.join('+')} x${columns}${norm === undefined ? '' : ' normed'}`;
}
