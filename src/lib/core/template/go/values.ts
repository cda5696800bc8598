/** The values of Go templates. */

/** Null is nil. Numbers are all of one kind. */
export type GoValue = string | number | boolean | null | GoList | GoRecord;

export class GoList {
  /** What is written of it, as JSON; absent: Go's `[a b]`. */
  readonly plain: unknown;
  readonly length: number;
  readonly #all: readonly GoValue[];
  readonly #from: number;

  constructor(all: readonly GoValue[], plain?: unknown, from = 0, to = all.length) {
    this.#all = all;
    this.plain = plain;
    this.#from = from;
    this.length = to - from;
  }

  at(index: number): GoValue | undefined {
    return index >= 0 && index < this.length ? this.#all[this.#from + index] : undefined;
  }

  /** Without a copy: templates ask each message how many follow it. */
  slice(from: number, to: number): GoList {
    return new GoList(this.#all, undefined, this.#from + from, this.#from + to);
  }

  get items(): readonly GoValue[] {
    return this.#all.slice(this.#from, this.#from + this.length);
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
  if (value instanceof GoList) return value.length > 0;
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
