/** A value that a model wrote without quotes, as the tool's schema has it. */
import { isObject } from '#core/is-object';

/** Models that learned to call in Python's words write these too. */
const PYTHON: Partial<Record<string, unknown>> = { True: true, False: false, None: null };

/** The value of that type where `text` is one; else the text. @param schema of the property */
export function typedValue(text: string, schema: unknown): unknown {
  const types = typesOf(schema);
  const word = text.trim();
  const value = Object.hasOwn(PYTHON, word) ? PYTHON[word] : parse(word);
  return value !== undefined && types.some((type) => is(value, type)) ? value : text;
}

function typesOf(schema: unknown): unknown[] {
  if (!isObject(schema)) return [];
  const { type, anyOf, oneOf } = schema;
  const choices = [anyOf, oneOf].flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]) : [],
  );
  return [type, ...choices.flatMap(typesOf)].flat();
}

function is(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
    case 'boolean':
      return typeof value === type;
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    default:
      return false; // a string is what was written
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
