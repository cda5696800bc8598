/** JSON strings whose text a regular expression matches: JavaScript's, without what looks around or back. */
import { choice, oneOf, repeat, sequence, text, type Expression, type Range } from './expression';
import { badSchema } from './faults';
import { CHARACTER, PLAIN } from './json';
import { common, holds, inverted, joined } from './ranges';

/** Characters of a pattern, and a count in it: more would be work without end for some texts. */
const LONGEST = 1000;
const MOST = 1000;

const DIGITS: Range[] = [[0x30, 0x39]];
const WORD: Range[] = [...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const SPACE: Range[] = [
  ...([
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
  ] as Range[]),
  ...([
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ] as Range[]),
];
const LINE_ENDS: Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const CLASSES: Record<string, Range[]> = {
  d: DIGITS,
  D: inverted(DIGITS),
  w: WORD,
  W: inverted(WORD),
  s: SPACE,
  S: inverted(SPACE),
};
const CONTROLS: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 };
/** What a string cannot have as it is, and a class may mean. */
const ESCAPED: [number, string][] = ['"', '\\', '\n', '\t', '\r', '\f', '\b'].map((letter) => [
  letter.charCodeAt(0),
  JSON.stringify(letter).slice(1, -1),
]);

/** Of the text between the quotes. @throws PaddockError `bad_request` */
export function matching(pattern: string, where: string): Expression {
  if (pattern.length > LONGEST) {
    throw badSchema(`the pattern has ${pattern.length} characters, ${LONGEST} are read`, where);
  }
  return new Reader(pattern, where).read();
}

class Reader {
  readonly #letters: string[];
  readonly #where: string;
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string, where: string) {
    this.#letters = Array.from(pattern);
    this.#pattern = pattern;
    this.#where = where;
  }

  read(): Expression {
    const whole = this.#choice();
    if (this.#at < this.#letters.length) throw this.#fault(`")" without "("`);
    return whole;
  }

  /** At the top each option may be held at both ends, and what is not is free there. */
  #choice(): Expression {
    const top = this.#depth === 0;
    const options: Expression[] = [];
    do {
      const begins = top && this.#take('^');
      const parts = this.#sequence();
      const ends = top && this.#take('$');
      const free = repeat(CHARACTER, 0);
      options.push(
        sequence(...(begins || !top ? [] : [free]), parts, ...(ends || !top ? [] : [free])),
      );
    } while (this.#take('|'));
    return choice(...options);
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    for (let next = this.#peek(); next !== undefined && !'|)'.includes(next); next = this.#peek()) {
      if (
        next === '$' &&
        this.#depth === 0 &&
        [undefined, '|'].includes(this.#letters[this.#at + 1])
      ) {
        break;
      }
      parts.push(this.#counted(this.#atom()));
    }
    return sequence(...parts);
  }

  #atom(): Expression {
    const letter = this.#letters[this.#at++]!;
    if (letter === '(') return this.#group();
    if (letter === '[') return this.#spelled(this.#class());
    if (letter === '.') return this.#spelled(inverted(LINE_ENDS));
    if (letter === '\\') return this.#spelled(this.#escape(false));
    if (letter === '^' || letter === '$') {
      throw this.#fault(`"${letter}" in the middle is not supported`);
    }
    if ('*+?{'.includes(letter)) throw this.#fault(`nothing stands before "${letter}"`);
    return this.#spelled([pointOf(letter)]);
  }

  #group(): Expression {
    if (this.#take('?')) {
      const named = this.#peek() === '<' && !'=!'.includes(this.#letters[this.#at + 1] ?? '=');
      if (named) this.#at = this.#letters.indexOf('>', this.#at) + 1 || this.#letters.length;
      else if (!this.#take(':')) throw this.#fault('looking ahead or back is not supported');
    }
    this.#depth++;
    const inside = this.#choice();
    this.#depth--;
    if (!this.#take(')')) throw this.#fault(`"(" without ")"`);
    return inside;
  }

  #counted(part: Expression): Expression {
    const rest = this.#letters.slice(this.#at, this.#at + 16).join('');
    const written = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(rest);
    if (!written) {
      if (rest.startsWith('{')) throw this.#fault('"{" that counts nothing');
      return part;
    }
    this.#at += written[0].length;
    this.#take('?'); // how much it prefers to take says nothing of what it can
    const [all, low = '', comma, high] = written;
    const counts: Record<string, [number, number]> = {
      '*': [0, Infinity],
      '+': [1, Infinity],
      '?': [0, 1],
    };
    const [least, most] = counts[all] ?? [
      Number(low),
      high ? Number(high) : comma ? Infinity : Number(low),
    ];
    if (least > most) throw this.#fault(`${all} counts down`);
    if (least > MOST || (most > MOST && most < Infinity)) {
      throw this.#fault(
        `it counts to ${Math.max(least, most === Infinity ? 0 : most)}, and may to ${MOST}`,
      );
    }
    return repeat(part, least, most);
  }

  #class(): Range[] {
    const inverts = this.#take('^');
    const ranges: Range[] = [];
    while (!this.#take(']')) {
      const from = this.#classPart();
      if (this.#peek() === '-' && (this.#letters[this.#at + 1] ?? ']') !== ']') {
        this.#at++;
        const to = this.#classPart();
        const [low, high] = [from[0]![0], to[0]![0]];
        const single = [from, to].every((part) => part.length === 1 && part[0]![0] === part[0]![1]);
        if (!single || low > high) throw this.#fault('a range in "[…]" that is none');
        ranges.push([low, high]);
      } else ranges.push(...from);
    }
    return inverts ? inverted(ranges) : joined(ranges);
  }

  #classPart(): Range[] {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw this.#fault(`"[" without "]"`);
    return letter === '\\' ? this.#escape(true) : [pointOf(letter)];
  }

  #escape(inClass: boolean): Range[] {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw this.#fault('a backslash at the end');
    const ranges = CLASSES[letter];
    if (ranges) return ranges;
    if (letter === 'b' && inClass) return [[8, 8]];
    const control = CONTROLS[letter];
    if (control !== undefined) return [[control, control]];
    if (letter === 'x' || letter === 'u') {
      const rest = this.#letters.slice(this.#at, this.#at + 10).join('');
      const code = (
        letter === 'x' ? /^([0-9a-f]{2})/i : /^(?:([0-9a-f]{4})|\{([0-9a-f]{1,6})\})/i
      ).exec(rest);
      if (!code) throw this.#fault(`"\\${letter}" without its digits`);
      this.#at += code[0].length;
      const point = Number.parseInt(code[1] ?? code[2]!, 16);
      return [[point, point]];
    }
    if (/[a-z0-9]/i.test(letter)) throw this.#fault(`"\\${letter}" is not supported`);
    return [pointOf(letter)];
  }

  /** One of these characters as a JSON string spells it. */
  #spelled(ranges: readonly Range[]): Expression {
    const spellings = ESCAPED.filter(([point]) => holds(ranges, point)).map(([, spelling]) =>
      text(spelling),
    );
    const plain = common(ranges, PLAIN);
    if (plain.length > 0) spellings.unshift(oneOf(plain));
    if (spellings.length === 0) throw this.#fault('a class of no character that can be written');
    return choice(...spellings);
  }

  #peek(): string | undefined {
    return this.#letters[this.#at];
  }

  #take(letter: string): boolean {
    if (this.#peek() !== letter) return false;
    this.#at++;
    return true;
  }

  #fault(what: string): Error {
    const shown = this.#pattern.length > 60 ? `${this.#pattern.slice(0, 60)}…` : this.#pattern;
    return badSchema(`the pattern ${JSON.stringify(shown)}: ${what}`, this.#where);
  }
}

function pointOf(letter: string): Range {
  const point = letter.codePointAt(0)!;
  return [point, point];
}
