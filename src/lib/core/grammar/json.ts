/**
 * JSON as it is written: on one line, with one blank at most behind a comma or a colon. Where blanks are free, a small
 * model may write them to the end of its context; numbers have an end too, and all are finite.
 */
import {
  choice,
  letters,
  maybe,
  oneOf,
  repeat,
  rule,
  sequence,
  text,
  type Expression,
  type Range,
} from './expression';

/** What a string may have without a backslash: RFC 8259, section 7, less surrogates, which UTF-8 does not have. */
export const PLAIN: readonly Range[] = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0xd7ff],
  [0xe000, 0x10ffff],
];

export const COMMA = sequence(',', maybe(text(' ')));
export const COLON = sequence(':', maybe(text(' ')));
export const DIGIT = letters('0-9');
const HEX = letters('0-9a-fA-F');

/** Four hexadecimal digits of what is no surrogate: half of a pair is no character. */
const UNIT = choice(
  sequence(letters('0-9a-cA-CefEF'), HEX, HEX, HEX),
  sequence(letters('dD'), letters('0-7'), HEX, HEX),
);
const ESCAPE = sequence('\\', choice(letters('"\\/bfnrt'), sequence('u', UNIT)));

/** Digits of a whole number, and behind its point: what a double holds; and of an exponent, so that all are finite. */
export const WHOLE_DIGITS = 15;
const FRACTION_DIGITS = 15;
const EXPONENT_DIGITS = 2;

export const FRACTION = sequence('.', repeat(DIGIT, 1, FRACTION_DIGITS));
export const WHOLE = choice(
  text('0'),
  sequence(letters('1-9'), repeat(DIGIT, 0, WHOLE_DIGITS - 1)),
);
const EXPONENT = sequence(letters('eE'), maybe(letters('+-')), repeat(DIGIT, 1, EXPONENT_DIGITS));

export const INTEGER = choice(
  text('0'),
  sequence(maybe(text('-')), letters('1-9'), repeat(DIGIT, 0, WHOLE_DIGITS - 1)),
);
export const NUMBER = sequence(maybe(text('-')), WHOLE, maybe(FRACTION), maybe(EXPONENT));

export const CHARACTER = choice(oneOf(PLAIN), ESCAPE);

export function quoted(inside: Expression): Expression {
  return sequence('"', inside, '"');
}

/** `part` from `least` to `most` times, with commas between. */
export function list(part: Expression, least: number, most: number): Expression {
  if (most === 0) return sequence();
  const all = sequence(part, repeat(sequence(COMMA, part), Math.max(least - 1, 0), most - 1));
  return least === 0 ? maybe(all) : all;
}

/** Rules for what any schema may need. */
export const JSON_RULES: ReadonlyMap<string, Expression> = new Map([
  ['string', quoted(repeat(CHARACTER, 0))],
  ['object', sequence('{', list(sequence(rule('string'), COLON, rule('value')), 0, Infinity), '}')],
  ['array', sequence('[', list(rule('value'), 0, Infinity), ']')],
  [
    'value',
    choice(
      ...[rule('object'), rule('array'), rule('string'), NUMBER],
      ...['true', 'false', 'null'].map(text),
    ),
  ],
]);
