/** Any text up to a mark, with it. */
import { NOTHING, oneOf, rule, sequence, type Expression, type Range } from './expression';
import { common, inverted } from './ranges';

/** All characters but surrogates. */
const ANY: Range[] = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
];

/**
 * Adds the rules to `rules`: one for each count of the mark's letters that the text ends in.
 * @param mark a letter or more
 */
export function until(mark: string, rules: Map<string, Expression>): Expression {
  const letters = Array.from(mark);
  const distinct = [...new Set(letters)];
  const others = common(ANY, inverted(distinct.map(pointOf)));
  const named = (count: number) => (count === letters.length ? NOTHING : rule(`until${count}`));
  letters.forEach((_, matched) => {
    const options = distinct.map((letter) => {
      const read = [...letters.slice(0, matched), letter];
      return sequence(oneOf([pointOf(letter)]), named(overlap(read, letters)));
    });
    options.push(sequence(oneOf(others), named(0)));
    rules.set(`until${matched}`, { kind: 'choice', options });
  });
  return named(0);
}

/** How many letters of the mark's beginning are the end of what was read. */
function overlap(read: readonly string[], mark: readonly string[]): number {
  for (let count = read.length; count > 0; count--) {
    const end = read.slice(read.length - count);
    if (end.every((letter, at) => letter === mark[at])) return count;
  }
  return 0;
}

function pointOf(letter: string): Range {
  const point = letter.codePointAt(0)!;
  return [point, point];
}
