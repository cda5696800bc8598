import type { Interpreter } from '@huggingface/jinja';

export type Value = ReturnType<Interpreter['evaluate']>;

/** A namespace changes, so that it and what holds it are counted anew each time. */
const CHANGING = 'NamespaceValue';

/** How much a value holds in all, as what writes it out would see it: letters, and one for each entry. */
export class ValueSizes {
  /** Lists and objects never change. Shared parts make sizes grow without end: they must not be walked twice. */
  readonly #known = new WeakMap<Value, number>();
  readonly #visit: () => void;

  /** @param visit called for each value that is looked at; it may throw */
  constructor(visit: () => void) {
    this.#visit = visit;
  }

  of(value: Value): number {
    return this.#measure(value).size;
  }

  #measure(value: Value): { size: number; settled: boolean } {
    const { value: inner } = value;
    if (typeof inner === 'string') return { size: inner.length, settled: true };
    const entries = entriesOf(inner);
    const known = this.#known.get(value);
    if (!entries || known !== undefined) return { size: known ?? 0, settled: true };
    let size = 0;
    let settled = value.type !== CHANGING;
    for (const entry of entries) {
      this.#visit();
      const part = this.#measure(entry);
      size += 1 + part.size;
      settled &&= part.settled;
    }
    if (settled) this.#known.set(value, size);
    return { size, settled };
  }
}

/** Letters of a text, entries of a list or an object; 0 for everything else. */
export function lengthOf({ value }: Value): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

function entriesOf(inner: unknown): Iterable<Value> | undefined {
  if (Array.isArray(inner)) return inner as Value[];
  return inner instanceof Map ? (inner as Map<string, Value>).values() : undefined;
}
