import type { GgufHeader } from '#core/gguf';
import { notSupported, unreadableModel } from './faults';

/** The keys of one architecture. All throw PaddockError `model_unreadable`, naming the key. */
export class Keys {
  readonly #header: GgufHeader;

  constructor(header: GgufHeader) {
    this.#header = header;
  }

  /** Empty where there is none. */
  text(key: string): string {
    return this.#header.text(this.full(key));
  }

  flag(key: string): boolean | undefined {
    const value = this.#header.metadata.get(this.full(key));
    if (value === undefined || typeof value === 'boolean') return value;
    throw unreadableModel(`"${this.full(key)}" is not true or false`);
  }

  /** @throws PaddockError `not_supported` too, for a list with a number a layer */
  optional(key: string): number | undefined {
    const value = this.#header.metadata.get(this.full(key));
    if (value === undefined) return undefined;
    if (typeof value === 'number') return value;
    throw typeof value === 'object'
      ? notSupported(`"${this.full(key)}" differs from layer to layer`)
      : unreadableModel(`"${this.full(key)}" is not a number`);
  }

  number(key: string, otherwise?: number): number {
    const value = this.optional(key) ?? otherwise;
    if (value === undefined) throw unreadableModel(`"${this.full(key)}" is missing`);
    if (!Number.isFinite(value)) throw this.wrong(key, value);
    return value;
  }

  /** A whole number above zero. */
  count(key: string, otherwise?: number): number {
    const value = this.number(key, otherwise);
    if (Number.isInteger(value) && value > 0) return value;
    throw this.wrong(key, value);
  }

  /** What a value that cannot be is answered with. */
  wrong(key: string, value: number) {
    return unreadableModel(`"${this.full(key)}" is ${value}`);
  }

  /** The key as the file has it. */
  full(key: string): string {
    return `${this.#header.architecture}.${key}`;
  }
}
