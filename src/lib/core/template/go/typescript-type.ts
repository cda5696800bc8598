/** A parameter's JSON Schema as a type in TypeScript, in which some models are told of tools. */
import { isObject } from '#core/is-object';

/** Schemas in one another. */
const MAX_DEPTH = 10;

/** `string`, `number[]`, `string | null`; `any` for what has no such name. */
export function typeScriptType(schema: unknown, depth = 0): string {
  if (!isObject(schema) || depth > MAX_DEPTH) return 'any';
  const { anyOf, type, items } = schema;
  if (Array.isArray(anyOf)) {
    return anyOf.map((one) => typeScriptType(one, depth + 1)).join(' | ') || 'any';
  }
  const types = Array.isArray(type) ? (type as unknown[]) : [type];
  return types.map((one) => nameOf(one, items, depth)).join(' | ') || 'any';
}

function nameOf(type: unknown, items: unknown, depth: number): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return `${typeScriptType(items, depth + 1)}[]`;
    case 'object':
      return 'Record<string, any>';
    default:
      return 'any';
  }
}
