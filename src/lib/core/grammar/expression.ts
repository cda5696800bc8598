/** Texts that a reply may be: expressions over characters, and rules that refer to each other. */

/** Code points from the first to the last, both included. */
export type Range = readonly [from: number, to: number];

export type Expression =
  | { kind: 'text'; text: string }
  /** One character. */
  | { kind: 'class'; ranges: readonly Range[] }
  | { kind: 'sequence'; parts: readonly Expression[] }
  | { kind: 'choice'; options: readonly Expression[] }
  /** `most` may be Infinity. */
  | { kind: 'repeat'; part: Expression; least: number; most: number }
  | { kind: 'rule'; name: string };

export interface Grammar {
  root: Expression;
  rules: ReadonlyMap<string, Expression>;
}

export const NOTHING: Expression = { kind: 'sequence', parts: [] };

export function text(value: string): Expression {
  return { kind: 'text', text: value };
}

export function oneOf(ranges: readonly Range[]): Expression {
  return { kind: 'class', ranges };
}

/** One of the characters of `letters`, of which `a-z` stands for a range. */
export function letters(written: string): Expression {
  const ranges: Range[] = [];
  const points = Array.from(written, (letter) => letter.codePointAt(0)!);
  for (let at = 0; at < points.length; at++) {
    const spans = points[at + 1] === 0x2d && at + 2 < points.length;
    ranges.push([points[at]!, points[spans ? at + 2 : at]!]);
    if (spans) at += 2;
  }
  return oneOf(ranges);
}

export function sequence(...parts: (Expression | string)[]): Expression {
  const all = parts.map((part) => (typeof part === 'string' ? text(part) : part));
  return all.length === 1 ? all[0]! : { kind: 'sequence', parts: all };
}

export function choice(...options: Expression[]): Expression {
  return options.length === 1 ? options[0]! : { kind: 'choice', options };
}

export function repeat(part: Expression, least: number, most = Infinity): Expression {
  return { kind: 'repeat', part, least, most };
}

export function maybe(part: Expression): Expression {
  return repeat(part, 0, 1);
}

export function rule(name: string): Expression {
  return { kind: 'rule', name };
}
