/** What a reply's text has to be, as web-llm's grammars are told. */
import type { Format } from '#core/engine';
import type { ResponseFormat } from './pipeline';

/** web-llm 0.2.86 wants a schema; without this word its objects have the properties that are named, and no others. */
const ANY_OBJECT = { type: 'object', additionalProperties: true };

export function toFormat(format: Format | undefined): ResponseFormat | undefined {
  if (format === undefined) return undefined;
  const schema = JSON.stringify(format === 'json' ? ANY_OBJECT : format);
  return { type: 'json_object', schema };
}
