/** A stranger's JSON, read field by field: only own keys that are asked for, each checked, into objects made here. */
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';

/** Characters of a text, unless told. */
const MOST_TEXT = 200;
/** What a text may not hold: control characters, and those that turn the direction of what follows. */
const INVISIBLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** All throw PaddockError `bad_request`, naming the field. */
export class Fields {
  readonly #value: Record<string, unknown>;
  readonly #path: string;

  /** @param path what it is within the whole, such as `candidates[2]` */
  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw new PaddockError('bad_request', `${path} is no object`);
    this.#value = value;
    this.#path = path;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#value, key) && this.#value[key] !== undefined;
  }

  /** Absent: undefined. */
  raw(key: string): unknown {
    return this.has(key) ? this.#value[key] : undefined;
  }

  keys(): string[] {
    return Object.keys(this.#value);
  }

  text(key: string, most = MOST_TEXT): string {
    const value = this.raw(key);
    if (typeof value !== 'string') throw this.#fault(key, 'is no text');
    if (value.length > most) throw this.#fault(key, `has more than ${most} characters`);
    if (INVISIBLE.test(value)) throw this.#fault(key, 'has characters that cannot be seen');
    return value;
  }

  /** A text of this form; `what`: as people name it. */
  like(key: string, form: RegExp, what: string): string {
    const value = this.text(key);
    if (!form.test(value)) throw this.#fault(key, `is no ${what}`);
    return value;
  }

  /** RFC 3339 in UTC, as `toISOString` writes it or in whole seconds. */
  time(key: string): string {
    const value = this.like(key, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'time');
    if (Number.isNaN(Date.parse(value))) throw this.#fault(key, 'is no time');
    return value;
  }

  flag(key: string): boolean {
    const value = this.raw(key);
    if (typeof value !== 'boolean') throw this.#fault(key, 'is neither true nor false');
    return value;
  }

  /** From 0 to `most`. */
  number(key: string, most: number): number {
    const value = this.raw(key);
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw this.#fault(key, 'is no number');
    if (value < 0 || value > most) throw this.#fault(key, `is not between 0 and ${most}`);
    return value;
  }

  /** A whole number from 0 to `most`. */
  count(key: string, most: number): number {
    const value = this.number(key, most);
    if (!Number.isInteger(value)) throw this.#fault(key, 'is no whole number');
    return value;
  }

  oneOf<T extends string>(key: string, words: readonly T[]): T {
    const value = this.raw(key);
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.#fault(key, `is none of ${words.join(', ')}`);
    return found;
  }

  object<T>(key: string, read: (fields: Fields) => T): T {
    return read(new Fields(this.raw(key), this.#at(key)));
  }

  /** At most `most` objects. */
  list<T>(key: string, most: number, read: (fields: Fields) => T): T[] {
    return this.#list(key, most).map((value, at) =>
      read(new Fields(value, `${this.#at(key)}[${at}]`)),
    );
  }

  /** The same, of which no two have the same `nameOf`. */
  distinct<T>(
    key: string,
    most: number,
    read: (fields: Fields) => T,
    nameOf: (one: T) => string,
  ): T[] {
    const all = this.list(key, most, read);
    const names = all.map(nameOf);
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice !== undefined) throw this.#fault(key, `has ${twice} twice`);
    return all;
  }

  /** At most `most` of `words`. */
  words<T extends string>(key: string, most: number, words: readonly T[]): T[] {
    return this.#list(key, most).map((value, at) =>
      new Fields({ [at]: value }, this.#at(key)).oneOf(String(at), words),
    );
  }

  /** At most `most` numbers from 0 to `largest`. */
  numbers(key: string, most: number, largest: number): number[] {
    return this.#list(key, most).map((value, at) =>
      new Fields({ [at]: value }, this.#at(key)).number(String(at), largest),
    );
  }

  /** At most `most` texts. */
  texts(key: string, most: number): string[] {
    return this.#list(key, most).map((value, at) =>
      new Fields({ [at]: value }, this.#at(key)).text(String(at)),
    );
  }

  /** Null where the field is. */
  orNull<T>(key: string, read: (key: string) => T): T | null {
    return this.raw(key) === null ? null : read(key);
  }

  /** `{}` where the field is absent, to be spread. */
  ifThere<K extends string, T>(key: K, read: (key: K) => T): { [P in K]?: T } {
    return this.has(key) ? ({ [key]: read(key) } as { [P in K]?: T }) : {};
  }

  #list(key: string, most: number): unknown[] {
    const value = this.raw(key);
    if (!Array.isArray(value)) throw this.#fault(key, 'is no list');
    if (value.length > most) throw this.#fault(key, `has more than ${most} entries`);
    return value as unknown[];
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #fault(key: string, why: string): PaddockError {
    const what = this.has(key) ? why : 'is missing';
    return new PaddockError('bad_request', `${this.#at(key)} ${what}`);
  }
}

/** `text` as `Fields.text` lets it pass: what cannot be seen becomes a space, and what is too long is cut. */
export function passable(text: string, most = MOST_TEXT): string {
  const seen = text.replace(new RegExp(INVISIBLE, 'gu'), ' ');
  return seen.length > most ? `${seen.slice(0, most - 1)}…` : seen;
}
