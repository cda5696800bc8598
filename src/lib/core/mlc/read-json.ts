/** An MLC model's texts, read field by field: a stranger wrote them. */
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';

/** A JSON object of `file`, whose faults name the file and the key. */
export class MlcText {
  readonly #file: string;
  readonly #value: Record<string, unknown>;

  /** @throws PaddockError `model_unreadable` unless `text` is a JSON object */
  constructor(file: string, text: string) {
    this.#file = file;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = null; // not JSON: the same fault as JSON of another shape
    }
    if (!isObject(value)) throw this.fault('it is no JSON object');
    this.#value = value;
  }

  fault(why: string): PaddockError {
    return new PaddockError('model_unreadable', `${this.#file} cannot be used: ${why}`);
  }

  raw(key: string): unknown {
    return this.#value[key];
  }

  /** A short text that is not empty. @throws PaddockError `model_unreadable` */
  word(key: string): string {
    const value = this.#value[key];
    if (typeof value !== 'string' || !/^[\w.+-]{1,64}$/.test(value)) {
      throw this.fault(`"${key}" is no name`);
    }
    return value;
  }

  object(key: string): Record<string, unknown> {
    const value = this.#value[key];
    return isObject(value) ? value : {};
  }

  /** @throws PaddockError `model_unreadable` unless it is a list of 1 to `most` */
  list(key: string, most: number): unknown[] {
    const value = this.#value[key];
    if (!Array.isArray(value) || value.length === 0) throw this.fault(`"${key}" is no list`);
    if (value.length > most) throw this.fault(`"${key}" has ${value.length} entries`);
    return value as unknown[];
  }
}

/** Null for what is no whole number above 0. */
export function positive(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
}
