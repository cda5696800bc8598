/** Jinja, as chat templates in GGUF files have it. */
import { parse, tokenize } from '@huggingface/jinja';

/** UTF-16 units; the longest in use have some 20,000. */
const MAX_TEMPLATE = 128 * 1024;
const MAX_BLANKS = 1000;
const LONG_RUN = new RegExp(`\\s{${MAX_BLANKS + 1}}`);

/** @throws Error, saying what is wrong with it; RangeError for one that is nested too deeply */
export function parseJinja(template: string): ReturnType<typeof parse> {
  const fault = faultOf(template);
  if (fault) throw new Error(fault);
  return parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }));
}

/** What the lexer must not be given: its expressions take the square of a run of blanks. */
function faultOf(template: string): string | undefined {
  if (template.length > MAX_TEMPLATE) return `it has more than ${MAX_TEMPLATE} letters`;
  return LONG_RUN.test(template) ? `it has more than ${MAX_BLANKS} blanks in a row` : undefined;
}
