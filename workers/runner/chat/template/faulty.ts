import { PaddockError } from '#core/errors';

/** What a template cannot be used for. @param why a sentence's end */
export function faulty(why: string): PaddockError {
  return new PaddockError(
    'not_supported',
    `The model's chat template cannot be used: ${why.replace(/\.$/, '')}. ` +
      'Use another model, or send a prompt without a template.',
  );
}

/** Of a template that goes on for ever, or for too long. */
export function endless(): PaddockError {
  return new PaddockError(
    'not_supported',
    "The model's chat template does not come to an end. Use another model, or send a prompt without a template.",
  );
}
