/** The memories of a model: browsers may give less than they have at other times. */
import { PaddockError } from '#core/errors';
import { SMALLEST, STEP, type Fit } from './fit';

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
      const half = Math.floor(fit.context / 2 / STEP) * STEP;
      if (half < SMALLEST) throw error;
      if (asked > 0) throw refused(fit, half);
      fit = fitOf(half);
    }
  }
}

function refused({ context, bytes, weightBytes, cacheBytes }: Fit, offered: number): PaddockError {
  const megabytes = (value: number) => `${Math.round(value / 1e6)} MB`;
  return new PaddockError(
    'out_of_memory',
    `The weights need ${megabytes(weightBytes)} and a context of ${context} tokens ` +
      `${megabytes(cacheBytes)}, more than the browser gives now`,
    { needed: bytes, weights: weightBytes, cache: cacheBytes, offered },
  );
}
