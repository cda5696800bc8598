/** Names of properties that are none of some. */
import {
  choice,
  NOTHING,
  oneOf,
  repeat,
  sequence,
  type Expression,
  type Range,
} from './expression';
import { PLAIN } from './json';

interface Branch {
  ends: boolean;
  next: Map<number, Branch>;
}

/**
 * Characters without a backslash, so that no other spelling of a name passes. Names that need one cannot come so, and
 * are none to leave out.
 */
export function notNamed(names: Iterable<string>): Expression {
  const root: Branch = { ends: false, next: new Map() };
  for (const name of names) {
    let branch = root;
    for (const letter of name) {
      const point = letter.codePointAt(0)!;
      let next = branch.next.get(point);
      if (!next) branch.next.set(point, (next = { ends: false, next: new Map() }));
      branch = next;
    }
    branch.ends = true;
  }
  return outside(root);
}

function outside({ ends, next }: Branch): Expression {
  const taken = [...next.keys()];
  const other = sequence(oneOf(without(PLAIN, taken)), repeat(oneOf(PLAIN), 0));
  const options = [other];
  for (const [point, branch] of next)
    options.push(sequence(oneOf([[point, point]]), outside(branch)));
  if (!ends) options.push(NOTHING);
  return choice(...options);
}

function without(ranges: readonly Range[], points: readonly number[]): Range[] {
  let left = [...ranges];
  for (const point of points) {
    left = left.flatMap(([from, to]): Range[] => {
      if (point < from || point > to) return [[from, to]];
      const parts: Range[] = [
        [from, point - 1],
        [point + 1, to],
      ];
      return parts.filter(([begin, end]) => begin <= end);
    });
  }
  return left;
}
