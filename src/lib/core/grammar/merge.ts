/** Several schemas of one value, as one. */
import { isObject } from '#core/is-object';
import { badSchema } from './faults';
import { counting, typesOf, type Schema, type TypeName } from './keywords';

const LARGER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const SMALLER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** @throws PaddockError `bad_request` where they cannot be put together */
export function merged(a: Schema, b: Schema, where: string): Schema {
  if (counting(a).length === 0) return b;
  if (counting(b).length === 0) return a;
  const result: Schema = { ...a };
  for (const key of counting(b)) {
    const [mine, other] = [a[key], b[key]];
    result[key] = mine === undefined || same(mine, other) ? other : both(key, a, b, where);
  }
  if (result.additionalProperties !== undefined && a.properties && b.properties) {
    const closed = [a, b].filter((one) => one.additionalProperties !== undefined);
    const names = (one: Schema) => Object.keys(one.properties as object).sort();
    if (closed.length === 1 && !same(names(a), names(b))) {
      throw badSchema('"additionalProperties" beside another schema of properties', where);
    }
  }
  return result;
}

function both(key: string, a: Schema, b: Schema, where: string): unknown {
  const [mine, other] = [a[key], b[key]];
  if (LARGER.includes(key)) return Math.max(Number(mine), Number(other));
  if (SMALLER.includes(key)) return Math.min(Number(mine), Number(other));
  if (key === 'type') {
    const types = commonTypes(typesOf(a, where), typesOf(b, where));
    if (types.length > 0) return types;
    throw badSchema('no type is left', where);
  }
  if (key === 'enum' && Array.isArray(mine) && Array.isArray(other)) {
    return mine.filter((one) => other.some((value) => same(one, value)));
  }
  if (key === 'required' && Array.isArray(mine) && Array.isArray(other)) {
    return [...new Set([...(mine as unknown[]), ...(other as unknown[])])];
  }
  if (key === 'allOf' && Array.isArray(mine) && Array.isArray(other)) {
    return [...(mine as unknown[]), ...(other as unknown[])];
  }
  if (key === 'properties' && isObject(mine) && isObject(other)) {
    const all: Schema = { ...mine };
    for (const [name, schema] of Object.entries(other)) {
      const known = Object.hasOwn(mine, name) && !same(mine[name], schema);
      all[name] = known ? { allOf: [mine[name], schema] } : schema;
    }
    return all;
  }
  if (key === 'items') return { allOf: [mine, other] };
  throw badSchema(`two of "${key}" for one value are not supported`, where);
}

function commonTypes(a: readonly TypeName[], b: readonly TypeName[]): TypeName[] {
  const has = (types: readonly TypeName[], one: TypeName) =>
    types.includes(one) || (one === 'integer' && types.includes('number'));
  return [...new Set([...a, ...b])].filter((one) => has(a, one) && has(b, one));
}

/** JSON's own equality, but for the order of names. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether no value is of both; false where that is not plain to see. */
export function disjoint(a: Schema, b: Schema, resolve: (schema: Schema) => Schema): boolean {
  const [one, other] = [resolve(a), resolve(b)];
  const [values, others] = [valuesOf(one), valuesOf(other)];
  if (values && others) return !values.some((value) => others.some((each) => same(value, each)));
  if (commonTypes(kinds(one, values), kinds(other, others)).length === 0) return true;
  if (!isObject(one.properties) || !isObject(other.properties)) return false;
  const names = (schema: Schema) =>
    (Array.isArray(schema.required) ? schema.required : []) as unknown[];
  const [mine, theirs] = [one.properties, other.properties];
  return names(one).some((name) => {
    if (typeof name !== 'string' || !names(other).includes(name)) return false;
    const [first, second] = [mine[name], theirs[name]];
    return isObject(first) && isObject(second) && disjoint(first, second, resolve);
  });
}

function kinds(schema: Schema, values: unknown[] | undefined): readonly TypeName[] {
  return values ? values.map(typeOfValue) : typesOf(schema, '#');
}

export function valuesOf(schema: Schema): unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema.const];
  return Array.isArray(schema.enum) ? (schema.enum as unknown[]) : undefined;
}

export function typeOfValue(value: unknown): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as TypeName;
}
