import { Validator, type OutputUnit, type SchemaDraft } from '@cfworker/json-schema';
import { readFormat } from '#core/chat-setup';
import { endsEarly, type JsonFault, type JsonVerdict } from '#core/json-check';

/** As many as are read. */
const SHOWN = 5;

/** Keywords that only say that something deeper is wrong, which is told too. */
const OUTER = new Set([
  ...['properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties'],
  ...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems'],
  ...['$ref', '$dynamicRef', '$recursiveRef', 'allOf', 'then', 'else'],
]);

/** `format`: the text of a schema; empty: any JSON. Never rejects: what goes wrong is the verdict. */
export function checkJson(text: string, format: string): JsonVerdict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return endsEarly(text)
      ? { state: 'incomplete' }
      : { state: 'no_json', reason: (error as Error).message };
  }
  try {
    const schema = readFormat(format);
    if (schema === 'json') return { state: 'valid', schema: false };
    const { valid, errors } = new Validator(schema, draftOf(schema), false).validate(value);
    if (valid) return { state: 'valid', schema: true };
    const inner = errors.filter(({ keyword }) => !OUTER.has(keyword));
    const all = inner.length > 0 ? inner : errors;
    return { state: 'invalid', faults: all.slice(0, SHOWN).map(faultOf), count: all.length };
  } catch (error) {
    return { state: 'unchecked', reason: error instanceof Error ? error.message : String(error) };
  }
}

function faultOf({ keyword, instanceLocation, error }: OutputUnit): JsonFault {
  return {
    pointer: decoded(instanceLocation.replace(/^#/, '')),
    message: keyword === 'false' ? 'The schema allows nothing here.' : error,
  };
}

/** The library's is a URI's fragment. */
function decoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}

const DRAFTS: [part: string, draft: SchemaDraft][] = [
  ['draft-04', '4'],
  ['draft-06', '7'],
  ['draft-07', '7'],
  ['2019-09', '2019-09'],
];

function draftOf({ $schema }: Record<string, unknown>): SchemaDraft {
  const named = DRAFTS.find(([part]) => typeof $schema === 'string' && $schema.includes(part));
  return named?.[1] ?? '2020-12';
}
