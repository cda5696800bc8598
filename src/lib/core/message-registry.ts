/** What messages do with their inputs, by the names of the inlang format: `count: plural`, `count: number`. */
const rules = new Map<string, Intl.PluralRules>();

/** `one`, `few`, `other` and so on. */
export function plural(locale: string, input: unknown, options: Intl.PluralRulesOptions): string {
  const name = `${locale} ${options.type}`;
  const found = rules.get(name) ?? new Intl.PluralRules(locale, options);
  rules.set(name, found);
  return found.select(Number(input));
}

/** `5,120`, or `5.120`. */
export function number(locale: string, input: unknown, options: Intl.NumberFormatOptions): string {
  return Number(input).toLocaleString(locale, options);
}
