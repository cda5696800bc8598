import { PaddockError } from '#core/errors';

/** Of a prompt that is longer than the context; both in tokens. */
export function contextExceeded(promptTokens: number, contextLength: number): PaddockError {
  return new PaddockError(
    'context_exceeded',
    `The prompt is ${promptTokens} tokens and the context holds ${contextLength}.`,
    { promptTokens, contextLength },
  );
}
