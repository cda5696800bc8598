/** A value that a JSON Schema allows, always the same: what the fake engine answers where a format is asked for. */
import type { Format } from '#core/engine';
import { isObject } from '#core/is-object';

/** As JSON, keys in the schema's order; `text` is what its strings say. */
export function instanceOf(format: Format, text: string): string {
  return JSON.stringify(format === 'json' ? { said: text } : valueOf(format, text));
}

/** Of the keywords that tests use: const, enum, type, properties, items, minItems, minimum. */
function valueOf(schema: Record<string, unknown>, text: string): unknown {
  const { type, properties, items, minItems = 1, minimum = 0 } = schema;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] as unknown;
  if (isObject(properties)) {
    const values = Object.entries(properties).map(([key, value]) => [key, of(value, text)]);
    return Object.fromEntries(values) as unknown;
  }
  if (type === 'array') return Array.from({ length: Number(minItems) }, () => of(items, text));
  if (type === 'integer' || type === 'number') return minimum;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return type === 'string' ? text : {};
}

function of(schema: unknown, text: string): unknown {
  return valueOf(isObject(schema) ? schema : {}, text);
}
