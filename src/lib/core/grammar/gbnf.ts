/** A grammar as llama.cpp reads it: its grammars/README.md. */
import { PaddockError } from '#core/errors';
import type { Expression, Grammar, Range } from './expression';

/** What llama.cpp lets a repetition come to, counted over those inside it. */
const MOST_REPEATED = 2000;

/** @throws PaddockError `not_supported` for a repetition that llama.cpp refuses */
export function toGbnf({ root, rules }: Grammar): string {
  const lines = [...rules].map(([name, expression]) => `${name} ::= ${alternatives(expression)}`);
  return [`root ::= ${alternatives(root)}`, ...lines, ''].join('\n');
}

function alternatives(expression: Expression): string {
  if (expression.kind !== 'choice') return written(expression);
  return expression.options.map(alternatives).join(' | ');
}

function written(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return `"${Array.from(expression.text, spelled).join('')}"`;
    case 'class':
      return `[${expression.ranges.map(range).join('')}]`;
    case 'sequence': {
      const parts = expression.parts.map(grouped).filter((part) => part !== '""');
      return parts.length > 0 ? parts.join(' ') : '""';
    }
    case 'choice':
      return `(${alternatives(expression)})`;
    case 'repeat':
      return repeated(expression.part, expression.least, expression.most);
    case 'rule':
      return expression.name;
  }
}

/** As a part of a sequence, or before a count. */
function grouped(expression: Expression): string {
  return expression.kind === 'sequence' && expression.parts.length > 1
    ? `(${written(expression)})`
    : written(expression);
}

function repeated(part: Expression, least: number, most: number): string {
  if (most === 0) return '""';
  const inside = part.kind === 'repeat' ? `(${written(part)})` : grouped(part);
  if (inside === '""') return inside;
  if (least === 0 && most === Infinity) return `${inside}*`;
  if (least === 1 && most === Infinity) return `${inside}+`;
  if (least === 0 && most === 1) return `${inside}?`;
  if (weightOf(part) * Math.max(least, most === Infinity ? 1 : most) > MOST_REPEATED) {
    throw new PaddockError(
      'not_supported',
      `llama.cpp (wllama) does not count to more than ${MOST_REPEATED} in a format: make its bounds smaller.`,
    );
  }
  return `${inside}{${least},${most === Infinity ? '' : most}}`;
}

function weightOf(expression: Expression): number {
  switch (expression.kind) {
    case 'sequence':
      return expression.parts.reduce((sum, part) => sum + weightOf(part), 0);
    case 'choice':
      return expression.options.reduce((sum, option) => sum + weightOf(option), 0);
    case 'repeat':
      return (
        weightOf(expression.part) *
        Math.max(expression.least, expression.most === Infinity ? 1 : expression.most)
      );
    default:
      return 1;
  }
}

function range([from, to]: Range): string {
  const first = spelled(String.fromCodePoint(from));
  return from === to ? first : `${first}-${spelled(String.fromCodePoint(to))}`;
}

/** Letters and digits stand for themselves, all else by its number. */
function spelled(letter: string): string {
  if (/^[a-zA-Z0-9]$/.test(letter)) return letter;
  const hex = letter.codePointAt(0)!.toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
