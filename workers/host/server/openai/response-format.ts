import type { Format } from '#core/engine';
import { isObject } from '#core/is-object';
import { badRequest, brief, type Body } from '../body';

/** Ollama's `format`; undefined for text of any kind. @throws PaddockError `bad_request` */
export function readResponseFormat({ response_format: format }: Body): Format | undefined {
  if (format === undefined || format === null) return undefined;
  if (!isObject(format)) throw badRequest('"response_format" must be an object');
  const { type, json_schema: described } = format;
  const kind = typeof type === 'string' ? type.trim().toLowerCase() : '';
  if (kind === 'text') return undefined;
  if (kind === 'json_object') return 'json';
  if (kind === 'json_schema') {
    const schema = isObject(described) ? described.schema : undefined;
    if (isObject(schema)) return schema;
    throw badRequest('"response_format.json_schema.schema" must be a JSON Schema');
  }
  const shown = brief(JSON.stringify(type) ?? 'nothing');
  throw badRequest(
    `"response_format.type" must be "text", "json_object" or "json_schema", not ${shown}`,
  );
}
