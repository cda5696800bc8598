/** What a template is, kept while the next ones are the same: a chat is written a dozen times at most, in a row. */

/** @returns `parse`, which is called again for another template; a fault is found anew each time */
export function parseOnce<T>(parse: (template: string) => T): (template: string) => T {
  let last: { template: string; parsed: T } | undefined;
  return (template) => {
    if (last?.template !== template) last = { template, parsed: parse(template) };
    return last.parsed;
  };
}
