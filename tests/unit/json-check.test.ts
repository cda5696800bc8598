/** Replies that were to be JSON: checked, and shown. */
import { describe, expect, it } from 'vitest';
import { endsEarly, indentedJson } from '../../src/lib/core/json-check';
import { verdictWords } from '../../src/lib/ui/chat/json-words';
import { checkJson } from '../../workers/schema/check';

const CITY = JSON.stringify({
  type: 'object',
  properties: {
    city: { type: 'string' },
    'a/b': { type: 'array', items: { $ref: '#/$defs/count' } },
  },
  required: ['city'],
  additionalProperties: false,
  $defs: { count: { type: 'integer', minimum: 1 } },
});

const faultsOf = (value: unknown) => {
  const verdict = checkJson(JSON.stringify(value), CITY);
  return verdict.state === 'invalid' ? verdict.faults.map(({ pointer }) => pointer) : verdict.state;
};

describe('a reply with a schema', () => {
  it('is valid where it is what the schema asks for', () => {
    const verdict = checkJson('{"city": "Bern", "a/b": [1, 2]}', CITY);
    expect(verdict).toEqual({ state: 'valid', schema: true });
    expect(verdictWords(verdict)).toBe('Valid against the schema.');
  });

  it('names each fault by its pointer, the innermost', () => {
    expect(faultsOf({ city: 7 })).toEqual(['/city']);
    expect(faultsOf({})).toEqual(['']);
    expect(faultsOf({ city: 'Bern', 'a/b': [1, 0] })).toEqual(['/a~1b/1']);
    expect(faultsOf({ city: 'Bern', land: 1 })).toEqual(['/land']);
  });

  it('counts all of many faults and names the first', () => {
    const verdict = checkJson(JSON.stringify({ city: 'x', 'a/b': new Array(20).fill('x') }), CITY);
    expect(verdict).toMatchObject({ state: 'invalid', faults: { length: 5 } });
    expect(verdict.state === 'invalid' && verdict.count).toBeGreaterThanOrEqual(20);
  });

  it('is not complete where it was cut, and no JSON where it is something else', () => {
    expect(checkJson('{"city": "Be', CITY)).toEqual({ state: 'incomplete' });
    expect(checkJson('{"city": "Bern"', CITY)).toEqual({ state: 'incomplete' });
    expect(checkJson('Bern', CITY).state).toBe('no_json');
  });

  it('says why a schema cannot be used', () => {
    expect(checkJson('{}', '{"type": "obj').state).toBe('unchecked');
    expect(checkJson('{}', '{"$ref": "https://example.com/none"}').state).toBe('unchecked');
    expect(checkJson('"a"', '{"pattern": "("}').state).toBe('unchecked');
  });

  it('is any JSON where no schema is given', () => {
    expect(checkJson('[1]', ' ')).toEqual({ state: 'valid', schema: false });
  });
});

it.each([
  ['', true],
  ['{"a": [1, 2', true],
  ['{"a": "b\\"', true],
  ['"\\\\', true],
  ['{"a": 1]', false],
  ['hello', false],
])('%j ends early: %j', (text, early) => {
  expect(endsEarly(text)).toBe(early);
});

describe('JSON on lines', () => {
  it.each([
    '{"a":1,"b":[true,null,{"c":"d, {e}: [\\"f\\"]"}],"g":{},"h":[],"i":[[]]}',
    '"a\\\\"',
    '[{"a":-1.5e-7}]',
    '12',
  ])('is as JSON.stringify writes it: %s', (text) => {
    expect(indentedJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
  });

  it('keeps what parsing would lose', () => {
    expect(indentedJson('{"n":12345678901234567890,"n":1.0}')).toBe(
      '{\n  "n": 12345678901234567890,\n  "n": 1.0\n}',
    );
  });

  it('is nothing where there is no JSON', () => {
    expect(indentedJson('{"a":')).toBeNull();
  });
});
