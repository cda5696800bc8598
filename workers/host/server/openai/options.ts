/** The numbers and stops of a request as Ollama's `options`. */
import { badRequest, type Body } from '../body';
import { goType } from './go-type';

/** Later ones win: OpenAI's newer name for the reply's length comes last. */
const NUMBERS: readonly [field: string, option: string, integer?: 'integer'][] = [
  ['max_tokens', 'num_predict', 'integer'],
  ['max_completion_tokens', 'num_predict', 'integer'],
  ['seed', 'seed', 'integer'],
  ['temperature', 'temperature'],
  ['top_p', 'top_p'],
  ['frequency_penalty', 'frequency_penalty'],
  ['presence_penalty', 'presence_penalty'],
];

/** Those that are there. @throws PaddockError `bad_request`, with the request's own name of a field */
export function readNumbers(body: Body): Record<string, number> {
  const options: Record<string, number> = {};
  for (const [field, option, integer] of NUMBERS) {
    const value = body[field] ?? undefined;
    if (value === undefined) continue;
    if (typeof value !== 'number' || (integer && !Number.isInteger(value))) {
      throw badRequest(`"${field}" must be ${integer ? 'an integer' : 'a number'}`);
    }
    options[option] = value;
  }
  return options;
}

/** A text or several. @throws PaddockError `bad_request`, in Ollama's words */
export function readStop({ stop }: Body): { stop?: string[] } {
  if (stop === undefined || stop === null) return {};
  const texts: unknown[] = Array.isArray(stop) ? stop : [stop];
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong >= 0) throw badRequest(`invalid type for 'stop' field: ${goType(texts[wrong])}`);
  return { stop: texts as string[] };
}
