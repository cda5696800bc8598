/** What attention's kernels of one model have in common, and how its cache lies. */
/** `f32` is for proofs; `q8`: integers of 8 bits with the row's greatest value beside them. */
export type GpuCache = 'f32' | 'f16' | 'q8';

export interface AttentionShape {
  heads: number;
  /** Divides `heads`: each serves a group of neighbouring query heads. */
  keyValueHeads: number;
  /** A multiple of 8, 16 to 256. */
  headSize: number;
  /** Pairs of columns that rope turns; the columns behind them stay as they are. */
  pairs: number;
  /** Positions of the cache. */
  context: number;
  cache: GpuCache;
  /** Epsilon of the RMSNorm of each query and key before rope; absent: there is none. */
  headNorm?: number;
  /** Positions that one workgroup of `attend` takes: a multiple of 32. */
  split: number;
}

/** Positions whose keys lie together, four columns of each at a time: neighbouring lanes read neighbouring positions. */
export const KEY_BLOCK = 32;

/** Query heads of one head of the cache. */
export function groupOf({ heads, keyValueHeads }: AttentionShape): number {
  return heads / keyValueHeads;
}

/** Positions that the cache has room for: whole blocks, so that no lane reads past its end. */
export function cachePositions({ context }: AttentionShape): number {
  return Math.ceil(context / KEY_BLOCK) * KEY_BLOCK;
}

/** Bytes of four columns in the cache: one element of the arrays `keys` and `values`. */
const QUAD_BYTES: Record<GpuCache, number> = { f32: 16, f16: 8, q8: 4 };

/** Elements of a position's key: four columns each, and with `q8` the scales of key and value behind them. */
export function keyQuads({ headSize, cache }: AttentionShape): number {
  return headSize / 4 + (cache === 'q8' ? 1 : 0);
}

/** Bytes of a position in one head. */
export function rowBytes(shape: AttentionShape): { keys: number; values: number } {
  const quad = QUAD_BYTES[shape.cache];
  return { keys: keyQuads(shape) * quad, values: (shape.headSize / 4) * quad };
}

/**
 * Bytes of one layer's buffers. `keys` [kv heads][positions / 32][keyQuads][32], `values` [kv heads][positions][headSize / 4],
 * in elements of four columns.
 */
export function cacheBytes(shape: AttentionShape): { keys: number; values: number } {
  const rows = shape.keyValueHeads * cachePositions(shape);
  const { keys, values } = rowBytes(shape);
  return { keys: rows * keys, values: rows * values };
}

/** Splits of the positions up to and with `position`. */
export function splitsOf({ split }: AttentionShape, position: number): number {
  return Math.ceil((position + 1) / split);
}

/** Bytes of `partials` [splits][heads][headSize / 4 + 1] vec4f: sums of weighted values, then greatest score and sum of weights. */
export function partialsBytes(shape: AttentionShape, splitsMost: number): number {
  return splitsMost * shape.heads * (shape.headSize + 4) * 4;
}
