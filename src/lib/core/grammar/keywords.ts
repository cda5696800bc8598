/** What of a schema counts here, and what is refused because no reply could be held to it. */
import { isObject } from '#core/is-object';
import { badSchema } from './faults';

/** JSON as it comes; `true` and `false` are schemas too. */
export type Schema = Record<string, unknown>;

export const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;
export type TypeName = (typeof TYPES)[number];

const REFUSED = [
  ...['not', 'if', 'then', 'else', 'patternProperties', 'propertyNames', 'dependentRequired'],
  ...['dependentSchemas', 'dependencies', 'contains', 'minContains', 'maxContains'],
  ...['unevaluatedProperties', 'unevaluatedItems', '$dynamicRef', '$recursiveRef'],
];

/** Those that say something of a value; all others are notes (title, description, default, …). */
export const COUNTING = [
  ...['$ref', 'type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'properties', 'required'],
  ...['additionalProperties', 'minProperties', 'maxProperties', 'items', 'prefixItems', 'minItems'],
  ...['maxItems', 'uniqueItems', 'minLength', 'maxLength', 'pattern', 'format', 'minimum'],
  ...['maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
];

/** @throws PaddockError `bad_request` for what is no schema, and for what no reply could be held to */
export function asSchema(value: unknown, where: string): Schema {
  if (value === true) return {};
  if (!isObject(value)) {
    throw badSchema(value === false ? 'nothing is allowed' : 'this is no schema', where);
  }
  for (const key of REFUSED) {
    if (Object.hasOwn(value, key)) throw badSchema(`"${key}" is not supported`, where);
  }
  if (value.uniqueItems === true) throw badSchema('"uniqueItems" is not supported', where);
  return value;
}

export function counting(schema: Schema): string[] {
  return COUNTING.filter((key) => Object.hasOwn(schema, key) && schema[key] !== undefined);
}

/** By what they speak of, where nobody wrote `type`: whoever says how long a text is means a text. */
const IMPLIED: [TypeName, readonly string[]][] = [
  ['object', ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems']],
  ['string', ['minLength', 'maxLength', 'pattern', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

/** Those that `type` names; where it names none those that the rest speaks of, else all. */
export function typesOf(schema: Schema, where: string): readonly TypeName[] {
  const { type } = schema;
  if (type === undefined) {
    const spoken = IMPLIED.filter(([, keys]) => keys.some((key) => schema[key] !== undefined));
    if (spoken.length > 0) return spoken.map(([name]) => name);
    return TYPES.filter((name) => name !== 'integer');
  }
  const named: unknown[] = Array.isArray(type) ? type : [type];
  const known = named.filter((one) => (TYPES as readonly unknown[]).includes(one)) as TypeName[];
  if (known.length === named.length && known.length > 0) return known;
  throw badSchema('"type" names a type that JSON does not have', where);
}

/** A whole number that is not negative. */
export function count(schema: Schema, key: string, where: string): number | undefined {
  const value = schema[key];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw badSchema(`"${key}" must be a whole number`, where);
}
