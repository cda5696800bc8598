/** The values of Go templates. */

/** Null is nil. Numbers are all of one kind. */
export type GoValue = string | number | boolean | null | GoList | GoRecord;

export class GoList {
  readonly items: readonly GoValue[];
  /** What is written of it, as JSON; absent: Go's `[a b]`. */
  readonly plain: unknown;

  constructor(items: readonly GoValue[], plain?: unknown) {
    this.items = items;
    this.plain = plain;
  }
}

/** A struct or a map. */
export class GoRecord {
  readonly entries: ReadonlyMap<string, GoValue>;
  /** What is written of it, as JSON. */
  readonly plain: unknown;
  /** What a struct is: it has no other fields, and holds whatever is in them. Empty of a map. */
  readonly struct: string;

  constructor(entries: Record<string, GoValue>, plain: unknown, struct = '') {
    this.entries = new Map(Object.entries(entries));
    this.plain = plain;
    this.struct = struct;
  }
}

/** JSON's data as Go's. */
export function goValue(value: unknown): GoValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return new GoList((value as unknown[]).map(goValue));
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, entry]) => [key, goValue(entry)]);
    return new GoRecord(Object.fromEntries(entries) as Record<string, GoValue>, value);
  }
  return value as string | number | boolean;
}

export function isTrue(value: GoValue): boolean {
  if (value instanceof GoList) return value.items.length > 0;
  if (value instanceof GoRecord) return value.struct !== '' || value.entries.size > 0;
  return Boolean(value);
}

/** As `{{ . }}` writes it; nil is nothing, where Go writes `<no value>`. */
export function textOf(value: GoValue): string {
  if (value === null) return '';
  if (value instanceof GoRecord) return goJson(value);
  if (!(value instanceof GoList)) return String(value);
  return value.plain === undefined ? `[${value.items.map(textOf).join(' ')}]` : goJson(value);
}

const ESCAPED = /[<>&\u2028\u2029]/g;

/** As Go's `json.Marshal` writes it: without blanks, with the signs of HTML escaped. */
export function goJson(value: GoValue): string {
  const json = JSON.stringify(plainOf(value)) ?? 'null';
  return json.replace(
    ESCAPED,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function plainOf(value: GoValue): unknown {
  if (value instanceof GoRecord) return value.plain;
  if (value instanceof GoList) return value.plain ?? value.items.map(plainOf);
  return value;
}
