/** The arguments of a call for people: a single text as it is, others a line each. */
export function argumentsText(given: Record<string, unknown>): string {
  const entries = Object.entries(given);
  const [first] = entries;
  if (entries.length === 1 && typeof first?.[1] === 'string') return first[1];
  return entries.map(([name, value]) => `${name}: ${valueText(value)}`).join('\n');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
