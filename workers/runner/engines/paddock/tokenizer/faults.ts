import { PaddockError } from '#core/errors';

/** @returns `model_unreadable`, for a key whose value cannot be right */
export function badVocabulary(key: string, why: string): PaddockError {
  return new PaddockError(
    'model_unreadable',
    `This model's vocabulary is damaged: ${key} ${why}. Download the model again, or another version of it.`,
    { key },
  );
}
