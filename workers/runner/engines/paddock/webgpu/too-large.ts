/** What a plan has that the adapter cannot hold in one piece. */
import type { ActivationName } from './activations';
import type { GpuLimits } from './limits';
import type { GpuMatrix } from './parts';
import type { ModelVectors } from './vectors';

export interface TooLarge {
  /** As it stands in a sentence. */
  name: string;
  bytes: number;
  /** Bytes that the adapter takes. */
  most: number;
}

/** Of a `GpuPlan`. */
interface Planned {
  matrices: GpuMatrix[];
  vectors: ModelVectors;
  cacheBlock: { keys: number; values: number };
  activations: Record<ActivationName, number>;
}

/** The first such piece, what grows with the context last; undefined: there is none. */
export function tooLarge(
  { matrices, vectors, cacheBlock, activations }: Planned,
  { buffer, binding }: GpuLimits,
): TooLarge | undefined {
  const parts = matrices.flatMap(({ name, parts }) =>
    parts.map(({ codes, scales, bytes }) => ({
      name: `the tensor “${name}”`,
      bound: Math.max(codes, scales),
      bytes,
    })),
  );
  const bound = (name: string, bytes: number) => {
    return { name: `the buffer “${name}”`, bound: bytes, bytes };
  };
  const pieces = [
    ...parts,
    ...vectors.buffers.map((bytes) => bound('norms', bytes)),
    ...Object.entries(activations).map(([name, bytes]) => bound(name, bytes)),
    bound('keys', cacheBlock.keys),
    bound('values', cacheBlock.values),
  ];
  const found = pieces.find((piece) => piece.bound > binding || piece.bytes > buffer);
  if (!found) return undefined;
  const { name, bytes } = found;
  return found.bound > binding
    ? { name, bytes: found.bound, most: binding }
    : { name, bytes, most: buffer };
}
