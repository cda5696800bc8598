/** The memories of a model: browsers may give less than they have at other times. */
import { PaddockError } from '#core/errors';
import type { Fit } from './fit';
import { refusedMemory } from './refused-memory';
import { halfOf } from './smaller-context';

/**
 * Memories for the fit of `asked` tokens; with `asked` 0, of half as many as long as the browser refuses.
 * @param create throws PaddockError `out_of_memory`
 * @throws PaddockError `out_of_memory` (detail: needed, weights, cache, offered)
 */
export function claimMemory<M>(
  asked: number,
  fitOf: (context: number) => Fit,
  create: (bytes: number) => M,
): { fit: Fit; memories: M[] } {
  let fit = fitOf(asked);
  for (;;) {
    try {
      return { fit, memories: fit.parts.map(({ plan }) => create(plan.bytes)) };
    } catch (error) {
      if (!(error instanceof PaddockError) || error.code !== 'out_of_memory') throw error;
      const half = halfOf(fit.context);
      if (!half) throw error;
      if (asked > 0) throw refusedMemory(fit, 'the browser', half);
      fit = fitOf(half);
    }
  }
}
