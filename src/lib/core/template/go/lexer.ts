/** Cuts a Go template into its texts and actions, and an action into tokens. */
import { TemplateFault } from './tree';

export interface Token {
  kind: 'value' | 'field' | 'variable' | 'word' | 'mark';
  /** Of a field without its dot, of a variable with its `$`. */
  text: string;
  /** Of `value`. */
  value: string | number;
  /** Blanks stand before it: `.A.B` is one operand, `.A .B` are two. */
  spaced: boolean;
}

export interface Action {
  /** Empty where it is a comment. */
  tokens: Token[];
  /** The text before it. */
  text: string;
}

/** Blanks, texts, numbers, fields, variables, names, the end, signs, and one of anything else. */
const TOKEN =
  /(\s+)|("(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')|([+-]?(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?))|\.([\p{L}_][\p{L}\p{N}_]*)|(\$[\p{L}\p{N}_]*)|([\p{L}_][\p{L}\p{N}_]*)|(-?\}\})|(:=|[=|(),.])|([^])/uy;

/**
 * The actions in their order, the text behind the last one as the last.
 * @throws TemplateFault
 */
export function* actionsOf(template: string): Generator<Action, string> {
  let at = 0;
  let trims = false;
  for (;;) {
    const open = template.indexOf('{{', at);
    const text = template.slice(at, open === -1 ? undefined : open);
    const begun = trims ? trimStart(text) : text;
    if (open === -1) return begun;
    const trimsBefore = /^-\s/.test(template.slice(open + 2, open + 4));
    const action = readAction(template, open + (trimsBefore ? 3 : 2));
    yield { tokens: action.tokens, text: trimsBefore ? trimEnd(begun) : begun };
    ({ end: at, trims } = action);
  }
}

/** Go's blanks; a no-break space stays. */
function trimStart(text: string): string {
  return text.replace(/^[ \t\r\n]+/, '');
}

/** Not by an expression: those look for the end of each run of blanks, which takes the square of its length. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** @param start behind the braces @returns `end` is behind those that close it, `trims` whether they trim */
function readAction(template: string, start: number) {
  const tokens: Token[] = [];
  let spaced = false;
  let comment = false;
  TOKEN.lastIndex = start;
  for (let token = TOKEN.exec(template); token; token = TOKEN.exec(template)) {
    const [text, blank, quoted, number, field, variable, word, close, mark, other] = token;
    if (close !== undefined) {
      if (tokens.length === 0 && !comment) throw new TemplateFault('missing value for command');
      return { tokens, end: TOKEN.lastIndex, trims: close.startsWith('-') };
    }
    const add = (kind: Token['kind'], text: string, value: string | number = '') =>
      tokens.push({ kind, text, value, spaced });
    if (text === '/' && template[TOKEN.lastIndex] === '*') {
      const end = template.indexOf('*/', TOKEN.lastIndex);
      if (end === -1) throw new TemplateFault('unclosed comment');
      TOKEN.lastIndex = end + 2;
      comment = true;
    } else if (quoted !== undefined) add('value', quoted, unquote(quoted));
    else if (number !== undefined) add('value', number, Number(number.replaceAll('_', '')));
    else if (field !== undefined) add('field', field);
    else if (variable !== undefined) add('variable', variable);
    else if (word !== undefined) add('word', word);
    else if (mark !== undefined) add('mark', mark);
    else if (other !== undefined) throw new TemplateFault(strange(other));
    spaced = blank !== undefined;
  }
  throw new TemplateFault('unclosed action');
}

function strange(letter: string): string {
  if (['"', '`', "'"].includes(letter)) return 'unterminated quoted string';
  return `unrecognized character in action: ${JSON.stringify(letter)}`;
}

const ESCAPES: Record<string, string> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' },
  ...{ '\\': '\\', '"': '"', "'": "'" },
};

/** The text that is meant; of single quotes the letter's number. */
function unquote(quoted: string): string | number {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return inner.replaceAll('\r', '');
  const escape = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([^]))/g;
  const text = inner.replace(
    escape,
    (_, x?: string, u?: string, long?: string, octal?: string, letter?: string) => {
      const code = octal ? parseInt(octal, 8) : parseInt(x ?? u ?? long ?? '', 16);
      const meant = letter === undefined ? codePoint(code) : ESCAPES[letter];
      if (meant === undefined) throw new TemplateFault('invalid syntax in a quoted string');
      return meant;
    },
  );
  if (quoted.startsWith('"')) return text;
  const [letter, ...more] = text;
  if (letter === undefined || more.length > 0) {
    throw new TemplateFault('malformed character constant');
  }
  return letter.codePointAt(0)!;
}

function codePoint(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
