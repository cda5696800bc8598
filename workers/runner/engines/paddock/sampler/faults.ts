import { PaddockError } from '#core/errors';

/** No logit is a number: nothing can be chosen. */
export function noNumber(): PaddockError {
  return new PaddockError(
    'engine_failed',
    'The model gave no number for any token: its weights may be damaged',
  );
}
