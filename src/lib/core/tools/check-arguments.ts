import type { ArgumentSchema, ToolDefinition } from '#core/tools/tool';

/** What is wrong with the arguments of a call, in words for the model; null: nothing is. Others than those named are ignored. */
export function argumentsFault(
  tool: ToolDefinition,
  given: Record<string, unknown>,
): string | null {
  const missing = tool.required.filter((name) => given[name] === undefined || given[name] === null);
  const wrong = Object.entries(tool.properties).flatMap(([name, schema]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) return [];
    return valueFault(name, schema, value) ?? [];
  });
  const faults = [...missing.map((name) => `"${name}" is missing.`), ...wrong];
  return faults.length > 0 ? faults.join(' ') : null;
}

function valueFault(name: string, { type, enum: allowed }: ArgumentSchema, value: unknown) {
  if (!isOf(type, value)) return `"${name}" must be ${ARTICLES[type]}.`;
  if (!allowed || allowed.includes(value as string)) return null;
  return `"${name}" must be one of ${allowed.map((one) => `"${one}"`).join(', ')}.`;
}

const ARTICLES: Record<ArgumentSchema['type'], string> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

function isOf(type: ArgumentSchema['type'], value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return Number.isFinite(value);
  return typeof value === type;
}
