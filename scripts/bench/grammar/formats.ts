import type { Format } from '#core/engine';

const string = { type: 'string' };

/** Usual ones, and those that cost most. */
export const FORMATS: readonly [name: string, format: Format][] = [
  ['"json"', 'json'],
  [
    'a person',
    {
      type: 'object',
      properties: {
        name: string,
        age: { type: 'integer', minimum: 0, maximum: 120 },
        likes: { type: 'array', items: { enum: ['tea', 'coffee', 'milk'] } },
        home: { type: 'object', properties: { street: string, town: string }, required: ['town'] },
      },
      required: ['name', 'age', 'likes', 'home'],
    },
  ],
  ['text', string],
  ['text of 200 at most', { type: 'string', maxLength: 200 }],
  ['text of 5,000 at most', { type: 'string', maxLength: 5000 }],
  ['a list of dates', { type: 'array', items: { type: 'string', format: 'date' }, minItems: 30 }],
  ['an e-mail address', { type: 'string', format: 'email' }],
  ['^(.*a.{20})$', { type: 'string', pattern: '^(.*a.{20})$' }],
  ['^(.*a.{100})$', { type: 'string', pattern: '^(.*a.{100})$' }],
  ['^(.*a.{500})$', { type: 'string', pattern: '^(.*a.{500})$' }],
  ['^(.*[a-m].{500})$', { type: 'string', pattern: '^(.*[a-m].{500})$' }],
  ['^(.*a.{0,500}){3}$', { type: 'string', pattern: '^(.*a.{0,500}){3}$' }],
  ['^(a?){1000}a{1000}$', { type: 'string', pattern: '^(a?){1000}a{1000}$' }],
];
