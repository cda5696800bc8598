/** Where LaTeX stands in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. Prices and escaped brackets are none. */
import type { MarkedExtension, Token, TokenizerThis, Tokens } from 'marked';

export interface MathToken extends Tokens.Generic {
  type: 'math';
  raw: string;
  tex: string;
  display: boolean;
  /** False: its end has not come, or never will. */
  closed: boolean;
}

/** Characters that are looked through for the end of a formula. */
const LONGEST = 4000;

const DOLLAR = /^\$(?![\s$])((?:\\[^\n]|[^\\$`\n])+?)(?<!\s)\$(?![\d$])/;
const DOLLARS = /^\$\$(?!\$)((?:\\[^]|[^\\$`])+?)\$\$(?!\$)/;
const PAREN = /^\\\(((?:\\(?!\))[^]|[^\\])+?)\\\)/;
const BRACKET = /^\\\[((?:\\(?!\])[^]|[^\\])+?)\\\]/;
const STARTS = /\$|\\[([]/g;

/** `20K and US` of "$20K and US$30". */
function isPrice(text: string): boolean {
  return /^\d/.test(text) && !/[\\^_=]/.test(text) && /[A-Za-z]{2}/.test(text);
}

/** Not `see below`, `1` or `x` in brackets that somebody escaped. */
function looksLikeMath(text: string): boolean {
  return /[\\^_=<>+*|]/.test(text) || (/[A-Za-z]/.test(text) && !/[A-Za-z]{2}/.test(text));
}

/** The formula that `source` begins with; `before` is the character in front of it. */
function formulaAt(source: string, before: string): MathToken | null {
  const text = source.slice(0, LONGEST);
  const found = (match: RegExpExecArray | null, display: boolean): MathToken | null => {
    const [raw, tex = ''] = match ?? [];
    return raw && tex.trim() ? { type: 'math', raw, tex: tex.trim(), display, closed: true } : null;
  };
  if (text.startsWith('\\')) {
    const display = text[1] === '[';
    if (!text.includes(display ? '\\]' : '\\)')) return null;
    const formula = found((display ? BRACKET : PAREN).exec(text), display);
    return formula && !/\w/.test(before) && looksLikeMath(formula.tex) ? formula : null;
  }
  if (/[\w$]/.test(before)) return null;
  if (text.startsWith('$$')) {
    const formula = found(DOLLARS.exec(text), true);
    return formula && looksLikeMath(formula.tex) ? formula : null;
  }
  const formula = found(DOLLAR.exec(text), false);
  return formula && !isPrice(formula.tex) ? formula : null;
}

/** A line of nothing but `$$` or `\[` opens a block, as a fence does, up to its other half or a blank line. */
const OPENING = /^ {0,3}(\$\$|\\\[)[ \t]*\n/;
const OPENING_LINE = /\n {0,3}(?:\$\$|\\\[)[ \t]*\n/;
const CLOSING = {
  $$: /^(.*?)\$\$[ \t]*[.,;]?[ \t]*$/,
  '\\[': /^(.*?)\\\][ \t]*[.,;]?[ \t]*$/,
};

function blockAt(source: string): MathToken | undefined {
  const opening = OPENING.exec(source);
  if (!opening) return undefined;
  const closing = CLOSING[opening[1] as keyof typeof CLOSING];
  const lines: string[] = [];
  let end = opening[0].length;
  const token = (closed: boolean): MathToken => {
    const tex = lines.join('\n');
    return { type: 'math', raw: source.slice(0, end), tex, display: true, closed };
  };
  while (end < source.length) {
    const newline = source.indexOf('\n', end);
    const line = source.slice(end, newline === -1 ? undefined : newline);
    if (line.trim() === '') break;
    end = newline === -1 ? source.length : newline + 1;
    const last = closing.exec(line);
    lines.push(last ? (last[1] ?? '') : line);
    if (last) return token(true);
  }
  return token(false);
}

/** Where a paragraph ends for a block; it cannot go on behind a blank line. */
function blockStart(source: string): number | undefined {
  const blank = source.indexOf('\n\n');
  const match = OPENING_LINE.exec(blank === -1 ? source : source.slice(0, blank + 1));
  return match ? match.index + 1 : undefined;
}

/** What the parser looks for emphasis in; parsing is synchronous, so one place serves every view. */
export const inline = { source: '' };

/** `*` and `_` of a formula are no emphasis: in their place stand as many letters. `masked` has lost its escapes. */
function mask(masked: string): string {
  const { source } = inline;
  if (source.length !== masked.length) return masked;
  let result = '';
  let done = 0;
  for (const { index } of source.matchAll(STARTS)) {
    if (index < done) continue;
    const length = formulaAt(source.slice(index), source[index - 1] ?? '')?.raw.length ?? 0;
    if (length === 0) continue;
    result += masked.slice(done, index) + 'a'.repeat(length);
    done = index + length;
  }
  return result + masked.slice(done);
}

/** HTML that `formulas.ts` puts the formula in the place of. */
function toHtml(token: Tokens.Generic, escape: (text: string) => string): string {
  const { tex, display, closed, raw } = token as MathToken;
  if (!closed) return `<code class="formula open">${escape(raw)}</code>`;
  return `<code class="formula${display ? ' display' : ''}">${escape(tex)}</code>`;
}

/** For `marked`. */
export function mathExtension(escape: (text: string) => string): MarkedExtension {
  return {
    hooks: { emStrongMask: mask },
    tokenizer: {
      // An underline that is still to come must not take in a formula that is shown already.
      lheading: (source) => {
        const blank = source.search(/\n[ \t]*\n/);
        const block = blank === -1 ? source : source.slice(0, blank + 1);
        return OPENING_LINE.test(block) ? undefined : false;
      },
    },
    extensions: [
      {
        name: 'mathBlock',
        level: 'block',
        start: blockStart,
        tokenizer(source) {
          const token = blockAt(source);
          return token && { ...token, type: 'mathBlock' };
        },
        renderer: (token) => `<p class="formula-line">${toHtml(token, escape)}</p>`,
      },
      {
        name: 'math',
        level: 'inline',
        start: (source) => {
          const at = source.search(STARTS);
          return at === -1 ? undefined : at;
        },
        tokenizer(this: TokenizerThis, source: string, tokens?: Token[]) {
          if (!/^(?:\$|\\[([])/.test(source)) return undefined;
          return formulaAt(source, tokens?.at(-1)?.raw.at(-1) ?? '') ?? undefined;
        },
        renderer: (token) => toHtml(token, escape),
      },
    ],
  };
}
