import { PaddockError } from '#core/errors';

/** @throws PaddockError `aborted` */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new PaddockError('aborted', 'It was stopped.');
}
