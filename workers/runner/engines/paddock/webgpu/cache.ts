/** What keys and values take on the adapter. */
import type { ModelSpec } from '../spec/model-spec';

/** f32 is for proofs; q8: integers of 8 bits and what one step of them is worth, f32, a row of a head. */
export type CacheKind = 'f32' | 'f16' | 'q8';

/** Bytes of one layer's keys and of its values. */
export function blockBytes(
  { keyValueHeads, headSize }: ModelSpec,
  cache: CacheKind,
  context: number,
): { keys: number; values: number } {
  const row = { f32: 4 * headSize, f16: 2 * headSize, q8: headSize + 4 }[cache];
  const bytes = keyValueHeads * context * row;
  return { keys: bytes, values: bytes };
}
