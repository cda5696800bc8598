import { isUnset, type Body } from '../body';

/** What asks for nothing, since it is so anyway. */
const USUAL: Partial<Record<string, unknown>> = { n: 1, tool_choice: 'auto' };

/** Says in the log which of `fields` a request asked for in vain. */
export function logIgnored(body: Body, fields: readonly string[]): void {
  const asked = fields.filter((field) => {
    const value = body[field];
    return !isUnset(value) && value !== USUAL[field];
  });
  if (asked.length > 0) console.warn(`not supported by the API, ignored: ${asked.join(', ')}`);
}
