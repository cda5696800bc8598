/** The arithmetic of a model that nothing gives memory for. */
import { PaddockError } from '#core/errors';

export interface Sizes {
  /** Tokens. */
  context: number;
  /** All. */
  bytes: number;
  weightBytes: number;
  cacheBytes: number;
}

/**
 * @param giver who has no more
 * @param offered tokens to be tried instead; absent: a smaller context would not help, or is nobody's to ask for
 */
export function refusedMemory(
  { context, bytes, weightBytes, cacheBytes }: Sizes,
  giver: string,
  offered?: number,
): PaddockError {
  return new PaddockError(
    'out_of_memory',
    `The weights need ${megabytes(weightBytes)} and a context of ${context} tokens ` +
      `${megabytes(cacheBytes)}, more than ${giver} gives now`,
    {
      needed: bytes,
      weights: weightBytes,
      cache: cacheBytes,
      ...(offered !== undefined && { offered }),
    },
  );
}

export function isOutOfMemory(error: unknown): error is PaddockError {
  return error instanceof PaddockError && error.code === 'out_of_memory';
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
