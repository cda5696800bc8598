/** Whose language a TEMPLATE is in. The engines render Jinja's; Go's are kept and shown. */

/** Told by Jinja's statements: a template for chats has a loop at least. */
export function isJinja(template: string): boolean {
  return template.includes('{%');
}
