import type { Format } from '#core/engine';
import { formatGrammar } from '#core/grammar/format-grammar';
import { isObject } from '#core/is-object';
import { badRequest, brief, type Body } from './body';

/**
 * `"json"`, or a JSON Schema; undefined for what Ollama takes as not asked.
 * @throws PaddockError `bad_request`, also for a schema that no reply can be held to: before a model is loaded for it
 */
export function readFormat({ format }: Body): Format | undefined {
  if (format === undefined || format === null || format === '') return undefined;
  if (format === 'json') return format;
  if (isObject(format)) {
    formatGrammar(format);
    return format;
  }
  const shown = JSON.stringify(brief(JSON.stringify(format)));
  throw badRequest(`invalid format: ${shown}; expected "json" or a valid JSON Schema object`);
}
