/** The first positions of a layer's cache, as ranges to copy out and back. */
import { cachePositions, KEY_BLOCK, rowBytes, type AttentionShape } from './shape';

/** Bytes, multiples of 4. */
export interface CacheRange {
  offset: number;
  bytes: number;
}

/**
 * One range a head in each buffer. Keys go in whole blocks: those of up to 31 positions behind the prefix come
 * along, which nothing reads before it is written again.
 */
export function prefixRanges(
  shape: AttentionShape,
  length: number,
): { keys: CacheRange[]; values: CacheRange[] } {
  const row = rowBytes(shape);
  const ranges = (bytes: number, positions: number) =>
    Array.from({ length: shape.keyValueHeads }, (_, head) => ({
      offset: head * cachePositions(shape) * bytes,
      bytes: positions * bytes,
    }));
  const blocks = Math.ceil(length / KEY_BLOCK) * KEY_BLOCK;
  return { keys: ranges(row.keys, blocks), values: ranges(row.values, length) };
}

/** Bytes of all ranges of one layer. */
export function prefixBytes(shape: AttentionShape, length: number): number {
  const { keys, values } = prefixRanges(shape, length);
  return [...keys, ...values].reduce((sum, { bytes }) => sum + bytes, 0);
}
