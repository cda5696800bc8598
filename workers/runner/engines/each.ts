/** A token's piece of text as `CompleteParams.each` asks for it. */
import type { CompleteParams, DeltaChunk } from '#core/engine';

/**
 * With `each`, a delta for a token whether it brings text or not; else only what has text.
 * @param token absent: `piece` is text that was held back, and no token came with it
 */
export function deltaOf(
  piece: DeltaChunk | undefined,
  each: CompleteParams['each'],
  token?: number,
): DeltaChunk | undefined {
  if (!each || (!piece && token === undefined)) return piece;
  const ids = token === undefined ? [] : [token];
  return {
    ...(piece ?? { type: 'delta', content: '' }),
    tokens: ids.length,
    ...(each === 'ids' && { ids }),
  };
}
