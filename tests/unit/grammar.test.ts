/** What a model writes that knows nothing, held to a schema: JSON that the schema allows, each time. */
import { describe, expect, it, vi } from 'vitest';
import type { Format, Thought } from '#core/engine';
import { toPaddockError } from '#core/errors';
import { formatGrammar } from '#core/grammar/format-grammar';
import { Xoshiro128 } from '#core/random';
import { Grammars } from '../../workers/runner/grammar/grammars';
import { TokenTree } from '../../workers/runner/grammar/token-tree';
import { ByteTokenizer, END } from '../fixtures/byte-tokenizer';
import { isValid } from '../fixtures/json-validator';
import { largeVocabulary } from '../fixtures/large-vocabulary';

/** Pieces that end in the middle of something, go over its end, or begin like another. */
const PIECES = [
  ...['{"', '"}', '": ', '", "', '"]', '],', '[[', '{}', '{"a', 'true', 'tru', 'false,', 'null'],
  ...['12', '-1', '0.', 'e+', '00', '\\u', '\\"', '\\\\', 'ab', 'abc', 'über', '\u{1f600}', '日本'],
  ...['name', 'name"', '2024-', '-0', '1-', '</think>', '</', 'think>', '\n\n', '>{'],
];
const TOKENIZER = new ByteTokenizer(PIECES);

const CLOSING = ['"', '}', ']', 'b']
  .map((letter) => letter.charCodeAt(0))
  .concat(256 + 2 + PIECES.indexOf('</think>'));

/** Ends soon: what closes is likelier than what opens. */
function write(grammars: Grammars, format: Format, seed: number, thought?: Thought, most = 3000) {
  const random = Xoshiro128.of(seed);
  const constraint = grammars.constraint(format, thought, false);
  const bytes: number[] = [];
  for (let count = 0; count < most && !constraint.complete; count++) {
    const logits = Float32Array.from({ length: TOKENIZER.vocabulary }, () => random.uniform());
    for (const token of CLOSING) logits[token]! += 0.5;
    logits[END]! += 0.5;
    constraint.restrict(logits);
    const token = logits.indexOf(Math.max(...logits));
    if (token === END) break;
    constraint.accept(token);
    bytes.push(...TOKENIZER.bytes(token));
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
}

const string = { type: 'string' };
const integer = { type: 'integer' };

const SCHEMAS: [string, Record<string, unknown>][] = [
  ['anything', {}],
  [
    'an object with required and others',
    {
      type: 'object',
      properties: { name: string, age: integer, note: string, ok: { type: 'boolean' } },
      required: ['name', 'ok'],
    },
  ],
  [
    'an object that is closed',
    { properties: { a: string, ab: integer }, additionalProperties: false },
  ],
  [
    'an object of others too',
    {
      type: 'object',
      properties: { a: integer, ab: integer, b: integer },
      required: ['ab'],
      additionalProperties: { type: 'boolean' },
    },
  ],
  ['a map', { type: 'object', additionalProperties: integer, minProperties: 1, maxProperties: 3 }],
  [
    'names that need spelling',
    { properties: { 'a"b\\': integer, 'é\n': string }, required: ['é\n'] },
  ],
  [
    'a name that nobody described',
    { type: 'object', properties: { a: integer }, required: ['zz'] },
  ],
  ['fixed values', { enum: ['a', 'ab', 'a"b', 1.5, null, true, { x: [1] }] }],
  ['one value', { const: { a: 'é', b: [1, null] } }],
  [
    'nested arrays',
    {
      type: 'array',
      items: { type: 'array', items: integer, maxItems: 3 },
      minItems: 1,
      maxItems: 4,
    },
  ],
  [
    'a tuple',
    {
      type: 'array',
      prefixItems: [string, integer],
      items: { type: 'null' },
      minItems: 1,
      maxItems: 4,
    },
  ],
  [
    'a closed tuple',
    { type: 'array', prefixItems: [integer, integer, integer], items: false, minItems: 2 },
  ],
  ['an integer', integer],
  ['an integer in bounds', { type: 'integer', minimum: -17, maximum: 230 }],
  [
    'an integer out of large bounds',
    { type: 'integer', exclusiveMinimum: 99, exclusiveMaximum: 10_050 },
  ],
  ['a negative integer', { type: 'integer', maximum: -3 }],
  ['a number', { type: 'number' }],
  ['a share', { type: 'number', minimum: 0, maximum: 1 }],
  ['a positive number', { type: 'number', exclusiveMinimum: 0 }],
  ['a number between', { type: 'number', exclusiveMinimum: -2, exclusiveMaximum: 12 }],
  ['a short string', { type: 'string', minLength: 2, maxLength: 5 }],
  ['a string of a length', { type: 'string', minLength: 20, maxLength: 20 }],
  ['a pattern', { type: 'string', pattern: '^[A-Z]{2}-\\d{3,4}(x|yz)?$' }],
  ['a pattern of all but', { type: 'string', pattern: '^[^a-z]+.\\s"\\\\$' }],
  ['a pattern of two', { type: 'string', pattern: '^.{0,9}b[ac]+.?$|^é' }],
  ['one of several', { anyOf: [string, { type: 'integer', minimum: 5 }, { type: 'null' }] }],
  ['several types', { type: ['string', 'null', 'boolean'] }],
  [
    'one of exactly one',
    {
      oneOf: ['cat', 'dog'].map((kind) => ({
        type: 'object',
        properties: { kind: { const: kind }, [kind]: integer },
        required: ['kind', kind],
      })),
    },
  ],
  [
    'all of several',
    {
      allOf: [
        { type: 'object', properties: { a: integer }, required: ['a'] },
        { properties: { b: { type: 'string', maxLength: 3 } }, required: ['b'] },
        { properties: { a: { minimum: 10 } } },
      ],
    },
  ],
  [
    'alternatives beside what holds for all',
    {
      type: 'object',
      properties: { a: integer, b: integer },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
  ],
  [
    'a schema that refers to itself',
    {
      $defs: {
        node: {
          properties: { v: integer, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
          required: ['v', 'next'],
        },
      },
      $ref: '#/$defs/node',
    },
  ],
];

describe('random tokens that are held to', () => {
  it.each(SCHEMAS)('%s', (_, schema) => {
    const grammars = new Grammars(TOKENIZER);
    const texts = new Set<string>();
    for (let seed = 1; seed <= 200; seed++) {
      const text = write(grammars, schema, seed);
      texts.add(text);
      expect(isValid(JSON.parse(text), schema), `seed ${seed}: ${text}`).toBe(true);
    }
    // What was written is not always the same one text, where there is another.
    expect(texts.size).toBeGreaterThan('const' in schema ? 0 : 2);
  });

  it('are an object where the format is "json"', () => {
    const grammars = new Grammars(TOKENIZER);
    for (let seed = 1; seed <= 200; seed++) {
      const value: unknown = JSON.parse(write(grammars, 'json', seed));
      expect(isValid(value, { type: 'object' })).toBe(true);
    }
  });

  const days: [string, RegExp][] = [
    ['date', /^\d{4}-\d{2}-\d{2}$/],
    ['date-time', /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/],
  ];
  it.each(days)('are a true day where its format is %s', (format, shape) => {
    const grammars = new Grammars(TOKENIZER);
    for (let seed = 1; seed <= 100; seed++) {
      const day = JSON.parse(write(grammars, { type: 'string', format }, seed)) as string;
      expect(day).toMatch(shape);
      expect(new Date(day).toISOString().slice(0, 4)).toMatch(/^\d{4}$/);
    }
  });

  it('are written with no more than one blank between', () => {
    const grammars = new Grammars(TOKENIZER);
    for (let seed = 1; seed <= 200; seed++) {
      const text = write(grammars, { type: 'array', items: integer, minItems: 2 }, seed);
      expect(text).toMatch(/^\[-?\d+(, ?-?\d+)+\]$/);
    }
  });
});

describe('a thought', () => {
  const tags = { open: '<think>', close: '</think>' };
  const schema = { type: 'object', properties: { a: integer }, required: ['a'] };

  it('that was begun is free up to its end, and JSON follows', () => {
    const grammars = new Grammars(TOKENIZER);
    let thoughts = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const text = write(grammars, schema, seed, { ...tags, begun: true });
      const end = text.indexOf('</think>');
      expect(end).toBeGreaterThanOrEqual(0);
      if (end > 0) thoughts++;
      expect(isValid(JSON.parse(text.slice(end + 8)), schema)).toBe(true);
    }
    expect(thoughts).toBeGreaterThan(10);
  });

  it('that was not begun may come, or JSON at once', () => {
    const grammar = formatGrammar(schema, { ...tags, begun: false });
    expect(grammar.root).toMatchObject({ kind: 'choice' });
    const grammars = new Grammars(TOKENIZER);
    const starts = new Set<string>();
    for (let seed = 1; seed <= 50; seed++) {
      const text = write(grammars, schema, seed, { ...tags, begun: false });
      starts.add(text[0]!);
      const json = text.startsWith('<think>') ? text.slice(text.indexOf('</think>') + 8) : text;
      expect(isValid(JSON.parse(json), schema)).toBe(true);
    }
    expect([...starts].sort()).toEqual(['<', '{']);
  });
});

function fault(schema: unknown): string {
  try {
    new Grammars(TOKENIZER).constraint(schema as Format, undefined, false);
    return '';
  } catch (error) {
    const { code, message } = toPaddockError(error);
    return `${code}: ${message}`;
  }
}

const nested = (depth: number): unknown =>
  depth === 0 ? string : { type: 'array', items: nested(depth - 1) };

const REFUSED: [string, unknown, RegExp][] = [
  ['a $ref to itself', { $ref: '#' }, /comes back to itself/],
  ['a $ref to itself among others', { anyOf: [{ $ref: '#' }, string] }, /comes back to itself/],
  ['an allOf of itself', { allOf: [{ $ref: '#' }] }, /refers to itself/],
  [
    'a $ref to nowhere',
    { $ref: '#/$defs/nowhere' },
    /names #\/\$defs\/nowhere, which is not there/,
  ],
  ['a $ref to another file', { $ref: 'https://example.com/s.json' }, /in the schema itself/],
  [
    'a value without end',
    { properties: { a: { $ref: '#' } }, required: ['a'] },
    /something is always left/,
  ],
  ['an unknown type', { type: 'text' }, /a type that JSON does not have/],
  ['what is no schema', { properties: { a: 7 } }, /this is no schema \(at #\/properties\/a\)/],
  ['not', { not: string }, /"not" is not supported/],
  ['if', { properties: { a: { if: {} } } }, /"if" is not supported \(at #\/properties\/a\)/],
  ['patternProperties', { patternProperties: { a: {} } }, /"patternProperties" is not supported/],
  ['uniqueItems', { type: 'array', uniqueItems: true }, /"uniqueItems" is not supported/],
  ['multipleOf', { type: 'integer', multipleOf: 3 }, /"multipleOf" is not supported/],
  ['options that may both hold', { oneOf: [integer, { type: 'number' }] }, /may both hold/],
  ['bounds with nothing between', { type: 'integer', minimum: 3, maximum: 2 }, /no number is left/],
  ['lengths with nothing between', { minLength: 3, maxLength: 2 }, /"minLength" is over/],
  ['a length that is none', { maxLength: '3' }, /"maxLength" must be a whole number/],
  ['a pattern that is none', { pattern: '(a' }, /"\(" without "\)"/],
  ['a pattern that looks ahead', { pattern: '^(?=a)b$' }, /looking ahead or back/],
  ['a pattern that looks back', { pattern: '^(a)\\1$' }, /"\\1" is not supported/],
  ['a pattern that counts far', { pattern: '^a{5000}$' }, /it counts to 5000/],
  ['a long pattern', { pattern: 'a'.repeat(2000) }, /the pattern has 2000 characters/],
  [
    'a schema of 1 MB',
    { enum: ['x'.repeat(1_000_000)] },
    /characters, and 131072 are read at most/,
  ],
  ['a schema 1,000 deep', nested(1000), /nested over 100 deep/],
  ['a long way of references', chain(4000), /too much of the schema refers|in too many ways/],
  ['thousands of properties that may be left out', many(8000), /in too many ways/],
];

function chain(length: number): unknown {
  const $defs: Record<string, unknown> = { [`d${length}`]: string };
  for (let at = 0; at < length; at++) $defs[`d${at}`] = { $ref: `#/$defs/d${at + 1}` };
  return { $defs, $ref: '#/$defs/d0' };
}

function many(count: number): unknown {
  return {
    properties: Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, {}])),
  };
}

describe('a pattern that can be read in ever more ways', () => {
  const LARGE = largeVocabulary();
  const refused = (pattern: string) => {
    const schema = { type: 'object', properties: { note: string, code: { pattern } } };
    try {
      new Grammars(LARGE).constraint(schema, undefined, false);
      return '';
    } catch (error) {
      return toPaddockError(error).message;
    }
  };

  it.each([['^(.*a.{500})$'], ['^(.*[a-m].{500})$'], ['^((a{1,1000}){1,1000}){1,1000}$']])(
    'is refused before the reply: %s',
    (pattern) => {
      const words = refused(pattern);
      expect(words).toMatch(/the pattern .* in too many ways at once in a long text/);
      expect(words).toContain(pattern);
    },
  );

  it.each([['^(.*a.{8})$'], ['^.*foo.{0,100}$'], ['^[A-Z]{2}-\\d{3}$'], ['^.{0,1000}$']])(
    'is not one that stays small: %s',
    (pattern) => {
      expect(refused(pattern)).toBe('');
    },
  );
});

describe('what a reply leaves behind', () => {
  /** A text of so many letters that has begun. */
  const begin = (grammars: Grammars, format: Format, length: number) => {
    const constraint = grammars.constraint(format, undefined, false);
    if (length > 0) constraint.accept('"'.charCodeAt(0));
    for (let at = 0; at < length; at++) constraint.accept('a'.charCodeAt(0));
    return constraint;
  };

  it.each([
    ['kept for the next of the same format where it is small', 20, 0],
    ['dropped where it is large', 12_000, 1],
  ])('is %s', (_, length, masks) => {
    const grammars = new Grammars(TOKENIZER);
    const format = { type: 'string', maxLength: 20_000 };
    const made = vi.spyOn(TokenTree.prototype, 'allowed');
    begin(grammars, format, length);
    made.mockClear();
    begin(grammars, format, 0);
    expect(made).toHaveBeenCalledTimes(masks);
    made.mockRestore();
  });

  it('is dropped in the middle too, and the reply goes on where it was', () => {
    const format = { type: 'string', minLength: 12_000, maxLength: 12_000 };
    const constraint = begin(new Grammars(TOKENIZER), format, 12_000);
    const logits = new Float32Array(TOKENIZER.vocabulary);
    constraint.restrict(logits);
    expect([...logits.keys()].filter((token) => logits[token]! === 0)).toEqual(['"'.charCodeAt(0)]);
    constraint.accept('"'.charCodeAt(0));
    expect(constraint.complete).toBe(true);
  });
});

describe('what is refused with its reason', () => {
  it.each(REFUSED)('%s', (_, schema, reason) => {
    const words = fault(schema);
    expect(words).toMatch(/^bad_request: invalid format: /);
    expect(words).toMatch(reason);
  });

  it.each([['(a*)*b'], ['^(a?){1000}a{1000}$'], ['^(a|a|aa)*$']])(
    'and not a pattern that others choke on: %s',
    (pattern) => {
      expect(fault({ pattern })).toBe('');
      const text = write(new Grammars(TOKENIZER), { pattern }, 7);
      if (pattern.includes('*b')) expect(JSON.parse(text)).toMatch(/b/);
    },
  );
});
