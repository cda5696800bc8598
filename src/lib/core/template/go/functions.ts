/** The functions of Go templates, without `and` and `or`, which do not look at all of their arguments. */
import { printf } from './printf';
import { typeScriptType } from './typescript-type';
import { GoList, GoRecord, goJson, isTrue, textOf, type GoValue } from './values';

/** @throws Error, a sentence's end */
export function callFunction(name: string, args: readonly GoValue[], now: Date): GoValue {
  const [first = null, second = null] = args;
  switch (name) {
    case 'not':
      need(name, args, 1, 1);
      return !isTrue(first);
    case 'eq':
      need(name, args, 2);
      return args.slice(1).some((other) => isEqual(first, other));
    case 'ne':
      need(name, args, 2, 2);
      return !isEqual(first, second);
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      need(name, args, 2, 2);
      return compare(name, first, second);
    case 'len':
      need(name, args, 1, 1);
      return lengthOf(first);
    case 'index':
      need(name, args, 1);
      return args.slice(1).reduce(entryOf, first);
    case 'slice':
      need(name, args, 1, 3);
      return slice(first, args.slice(1));
    case 'print':
      return print(args);
    case 'println':
      return `${args.map(textOf).join(' ')}\n`;
    case 'printf':
      need(name, args, 1);
      return printf(textOf(first), args.slice(1));
    case 'json':
      need(name, args, 1, 1);
      return goJson(first);
    case 'currentDate':
      return dateOf(now);
    case 'yesterdayDate':
      return dateOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1));
    case 'toTypeScriptType':
      need(name, args, 1, 1);
      return typeScriptType(first instanceof GoRecord ? first.plain : undefined);
    default:
      throw new Error(`function "${name}" not defined`);
  }
}

function need(name: string, args: readonly GoValue[], least: number, most = Infinity): void {
  if (args.length >= least && args.length <= most) return;
  throw new Error(`wrong number of args for ${name}: got ${args.length}`);
}

function isEqual(one: GoValue, other: GoValue): boolean {
  if (isComposite(one) || isComposite(other)) throw new Error('non-comparable type');
  return one === other;
}

function isComposite(value: GoValue): boolean {
  return value instanceof GoList || value instanceof GoRecord;
}

function compare(name: 'lt' | 'le' | 'gt' | 'ge', one: GoValue, other: GoValue): boolean {
  const numbers = typeof one === 'number' && typeof other === 'number';
  if (!numbers && !(typeof one === 'string' && typeof other === 'string')) {
    throw new Error('incompatible types for comparison');
  }
  if (name === 'lt') return one < other;
  if (name === 'le') return one <= other;
  return name === 'gt' ? one > other : one >= other;
}

/** Go counts a text's bytes. */
export function lengthOf(value: GoValue): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (value instanceof GoList) return value.length;
  if (value instanceof GoRecord && value.struct === '') return value.entries.size;
  throw new Error(`len of ${nameOf(value)}`);
}

function entryOf(value: GoValue, key: GoValue): GoValue {
  if (value instanceof GoRecord && value.struct === '') {
    if (typeof key !== 'string') throw new Error(`cannot index a map with ${nameOf(key)}`);
    return value.entries.get(key) ?? null;
  }
  const list = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (!(list instanceof Uint8Array || list instanceof GoList)) {
    throw new Error(`can't index item of ${nameOf(value)}`);
  }
  const found = typeof key === 'number' && key >= 0 ? list.at(key) : undefined;
  if (found === undefined) throw new Error(`index out of range: ${textOf(key)}`);
  return found;
}

function slice(value: GoValue, ends: readonly GoValue[]): GoValue {
  const length = typeof value === 'string' || value instanceof GoList ? lengthOf(value) : undefined;
  if (length === undefined) throw new Error(`can't slice item of ${nameOf(value)}`);
  const [from = 0, to = length] = ends;
  const fits = typeof from === 'number' && typeof to === 'number';
  if (!fits || from < 0 || to > length || from > to || !Number.isInteger(from + to)) {
    throw new Error(`index out of range: ${ends.map(textOf).join(', ')}`);
  }
  if (value instanceof GoList) return value.slice(from, to);
  return new TextDecoder().decode(new TextEncoder().encode(value as string).subarray(from, to));
}

/** Blanks go between two that are no texts. */
function print(args: readonly GoValue[]): string {
  return args.reduce<string>((text, value, at) => {
    const apart = at > 0 && typeof value !== 'string' && typeof args[at - 1] !== 'string';
    return text + (apart ? ' ' : '') + textOf(value);
  }, '');
}

/** `2025-03-07`, of this place. */
function dateOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

export function nameOf(value: GoValue): string {
  if (value === null) return 'nil';
  if (value instanceof GoList) return 'a list';
  if (value instanceof GoRecord) return value.struct || 'a map';
  return `a ${typeof value}`;
}
