/** Whose language a TEMPLATE is in. */

/** A template for chats has a loop at least; one without says what only Jinja's scope has. */
const JINJA =
  /\{%|\{\{-?\s*(?:messages|message|bos_token|eos_token|raise_exception|strftime_now)\b/;

/** Told by Jinja's statements and names; else it is Go's. */
export function isJinja(template: string): boolean {
  return JINJA.test(template);
}
