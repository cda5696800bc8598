/** What a model is refused with: another engine may know it, or its file is wrong. */
import { PaddockError, type ErrorDetail } from '#core/errors';

export function notSupported(what: string): PaddockError {
  return new PaddockError('not_supported', `Paddock's own engine cannot run this model: ${what}.`);
}

export function unreadableModel(why: string, detail?: ErrorDetail): PaddockError {
  return new PaddockError('model_unreadable', `This model file is damaged: ${why}.`, detail);
}

/** With the tensor in its detail: no engine can make sense of such values, and llama.cpp does not look. */
export function damagedValues(tensor: string, are = 'not numbers'): PaddockError {
  return unreadableModel(`the tensor "${tensor}" has values that are ${are}`, { tensor });
}
