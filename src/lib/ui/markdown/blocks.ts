/** Which part of a growing text is final. Offsets are in UTF-16 code units. */
import type { Token, Tokens } from 'marked';

/**
 * How many leading tokens can no longer change, whatever follows: those before the last block
 * whose start is certain. An incomplete line (`-` that becomes `---`) decides nothing; without a
 * blank line before it the block's second line counts too, as it may be a table's.
 */
export function settledTokens(tokens: Token[], source: string): number {
  let end = source.length;
  for (let index = tokens.length - 1; index > 0; index--) {
    const token = tokens[index] as Token;
    end -= token.raw.length;
    if (token.type === 'space') continue;
    const newline = source.indexOf('\n', end);
    const apart = tokens[index - 1]?.type === 'space';
    if (newline !== -1 && (apart || source.includes('\n', newline + 1))) return index;
  }
  return tokens.length > 1 && tokens[0]?.type === 'space' ? 1 : 0;
}

/** Length of the tokens' source. */
export function lengthOf(tokens: { raw: string }[]): number {
  return tokens.reduce((sum, { raw }) => sum + raw.length, 0);
}

/** A list or table whose first rows are settled; the rest is parsed as its continuation. */
export interface Open {
  type: 'list' | 'table';
  /** What the rest needs before it to be parsed: a table's head. */
  prefix: string;
}

/** The leading rows (of a list: items) of a block that can no longer change. */
export interface Settled extends Open {
  tokens: Token[];
  rows: number;
  settledRows: number;
  /** Length of the settled rows' source. */
  length: number;
  /** Lists: a blank line among these items makes the whole list loose. */
  loose: boolean;
}

const ENDS_IN_BLANK_LINE = /\n[ \t]*\n[ \t]*$/;
const HOLDS_BLANK_LINE = /\n.*\n/;

function isLoose(item: Tokens.ListItem): boolean {
  return (
    ENDS_IN_BLANK_LINE.test(item.raw) ||
    item.tokens.some(({ type, raw }) => type === 'space' && HOLDS_BLANK_LINE.test(raw))
  );
}

/**
 * All rows of a list or table but the last two (the one being written, and the one that it may
 * still belong to); null when there are none, or `token` is another block.
 */
export function settledRows(token: Token | undefined): Settled | null {
  if (token?.type === 'list') {
    const { items } = token as Tokens.List;
    const tokens = items.slice(0, -2);
    if (tokens.length === 0) return null;
    return {
      ...{ type: 'list', prefix: '', tokens, rows: items.length, settledRows: tokens.length },
      ...{ length: lengthOf(tokens), loose: tokens.some(isLoose) },
    };
  }
  if (token?.type !== 'table') return null;
  const { rows, raw } = token as Tokens.Table;
  const count = rows.length - 2;
  if (count <= 0) return null;
  const lines = raw.split('\n', count + 2);
  return {
    ...{ type: 'table', prefix: `${lines.slice(0, 2).join('\n')}\n`, tokens: [] },
    ...{ rows: rows.length, settledRows: count, loose: false },
    length: lines.slice(2).reduce((sum, line) => sum + line.length + 1, 0),
  };
}
