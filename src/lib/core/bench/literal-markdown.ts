/** Strangers' texts in Markdown: GitHub shows what stands there, and makes nothing more of it. */

/** What GitHub links or draws though its signs are escaped: mentions, references, commits, addresses, formulas, pictures. */
const MADE_MORE_OF = /[@$]|:\/\/|www\.|#\d|\bGH-\d|:[\w+-]+:|\b[0-9a-f]{7,40}\b/i;

/** `text` in one line, as code where escaping does not keep it from being linked. `inTable`: of a table's cell. */
export function literalMarkdown(text: string, inTable = false): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return MADE_MORE_OF.test(line) ? asCode(line, inTable) : escapedMarkdown(line);
}

/** Our own sentences: only the signs are escaped. An underscore within a word is no sign. */
export function escapedMarkdown(text: string): string {
  return text
    .replace(/[\\`*~[\]<>|&]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/^[-+#]|(?<=^\d+)[.)](?=\s|$)/, '\\$&') // a list or a heading
    .replace(/\s+/g, ' ');
}

function asCode(text: string, inTable: boolean): string {
  const ticks = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(ticks + 1);
  const pad = /^`|`$/.test(text) ? ' ' : '';
  // In a table a bar ends the cell, also in code, unless one backslash is before it.
  const inside = inTable ? text.replace(/\\+(?=\|)/g, '').replaceAll('|', '\\|') : text;
  return `${fence}${pad}${inside}${pad}${fence}`;
}
