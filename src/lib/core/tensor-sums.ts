/** A model's tensors by their type: how many, and how much of the file. */
import { TENSOR_TYPES } from '#core/gguf/types';

export interface TensorSum {
  type: string;
  count: number;
  /** 0 where the type is not known. */
  bytes: number;
}

/** The largest first. */
export function tensorSums(tensors: readonly { type: string; shape: number[] }[]): TensorSum[] {
  const known = new Map([...TENSOR_TYPES.values()].map((type) => [type.name, type]));
  const sums = new Map<string, TensorSum>();
  for (const { type, shape } of tensors) {
    const sum = sums.get(type) ?? { type, count: 0, bytes: 0 };
    const { block, bytes } = known.get(type) ?? { block: 1, bytes: 0 };
    const values = shape.reduce((product, side) => product * side, 1);
    sums.set(type, { type, count: sum.count + 1, bytes: sum.bytes + (values / block) * bytes });
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes);
}
