/** The key-value pairs at the head of a GGUF file. */
import { unreadable, type Cursor } from '#core/gguf/cursor';
import { TEXT_PREFIX, type TextList } from '#core/gguf/text-list';

export type GgufScalar = number | bigint | boolean | string;

/** A list; one of texts that was asked for is a TextList. */
export interface GgufArray {
  length: number;
  /** Absent unless it was asked for: a vocabulary has some 100,000 strings. */
  values?: GgufScalar[];
}

export type GgufValue = GgufScalar | GgufArray | TextList;

/** A Map: keys come from the file, and `__proto__` would be one. */
export type Metadata = Map<string, GgufValue>;

/** Models have some 50; without a bound, a hostile file of gigabytes would be read to its end. */
const MAX_PAIRS = 65_536;
/** The format's own limit. */
const MAX_KEY = 65_535;
/** Bytes; chat templates have some 10,000. */
const MAX_TEXT = 16 * 1024 * 1024;
/** Elements; the largest vocabularies have some 500,000. */
const MAX_ARRAY = 16 * 1024 * 1024;

/**
 * Bytes of all that is kept, in the file: 8 and its letters for a text, 8 for a number of a list. The largest
 * vocabularies have some 20 million with their merges; in memory it is a few times as much.
 */
const MAX_KEPT = 64 * 1024 * 1024;
const NUMBER_COST = 8;

/** The smallest pair: an empty key, a type, one byte. */
const MIN_PAIR = 8 + 4 + 1;

const STRING = 8;
const ARRAY = 9;

interface Scalar {
  bytes: number;
  read: (cursor: Cursor) => GgufScalar;
}

/** Value types by their id: bytes, and how to read one. */
const SCALARS = new Map<number, Scalar>([
  [0, { bytes: 1, read: (cursor) => cursor.u8() }],
  [1, { bytes: 1, read: (cursor) => cursor.i8() }],
  [2, { bytes: 2, read: (cursor) => cursor.u16() }],
  [3, { bytes: 2, read: (cursor) => cursor.i16() }],
  [4, { bytes: 4, read: (cursor) => cursor.u32() }],
  [5, { bytes: 4, read: (cursor) => cursor.i32() }],
  [6, { bytes: 4, read: (cursor) => cursor.f32() }],
  [7, { bytes: 1, read: (cursor) => readBool(cursor) }],
  [10, { bytes: 8, read: (cursor) => narrow(cursor.u64()) }],
  [11, { bytes: 8, read: (cursor) => narrow(cursor.i64()) }],
  [12, { bytes: 8, read: (cursor) => cursor.f64() }],
]);

export async function readMetadata(
  cursor: Cursor,
  pairs: number,
  keepArray: (key: string) => boolean,
): Promise<Metadata> {
  const metadata: Metadata = new Map();
  let room = MAX_KEPT;
  const keep = (bytes: number) => {
    room -= bytes;
    if (room < 0) throw unreadable(`its keys and their values take more than ${MAX_KEPT} bytes`);
  };
  for (let pair = 0; pair < pairs; pair++) {
    const key = await cursor.text(MAX_KEY, 'a key');
    keep(8 + key.length);
    if (key === '') throw unreadable('a key is empty');
    if (metadata.has(key)) throw unreadable(`the key ${quote(key)} is there twice`);
    await cursor.need(4);
    const type = cursor.u32();
    if (type === ARRAY) {
      metadata.set(key, await readArray(cursor, key, keepArray(key) ? keep : undefined));
      continue;
    }
    const before = cursor.offset;
    metadata.set(key, await readScalar(cursor, type, key));
    keep(cursor.offset - before);
  }
  return metadata;
}

/** The number of pairs, against what the file can hold. */
export function readPairCount(cursor: Cursor): number {
  const pairs = cursor.count(cursor.left / MIN_PAIR, 'the number of keys');
  if (pairs > MAX_PAIRS) throw unreadable(`it has ${pairs} keys`);
  return pairs;
}

async function readScalar(cursor: Cursor, type: number, key: string): Promise<GgufScalar> {
  if (type === STRING) return cursor.text(MAX_TEXT, `the value of ${quote(key)}`);
  const scalar = SCALARS.get(type);
  if (!scalar) throw unreadable(`${quote(key)} has the unknown type ${type}`);
  await cursor.need(scalar.bytes);
  return scalar.read(cursor);
}

/** @param keep called with the bytes that are kept, which may be too many; absent: the length alone is */
async function readArray(
  cursor: Cursor,
  key: string,
  keep: ((bytes: number) => void) | undefined,
): Promise<GgufArray | TextList> {
  await cursor.need(12);
  const type = cursor.u32();
  const scalar = SCALARS.get(type);
  // Arrays of arrays are in the format's text; llama.cpp refuses them too.
  if (!scalar && type !== STRING) throw unreadable(`${quote(key)} is a list of type ${type}`);
  const minimum = scalar ? scalar.bytes : 8;
  const length = cursor.count((cursor.left - 8) / minimum, `the length of ${quote(key)}`);
  if (length > MAX_ARRAY) throw unreadable(`${quote(key)} has ${length} elements`);
  if (keep) {
    if (scalar) {
      keep(length * NUMBER_COST);
      return { length, values: await readScalars(cursor, scalar, length) };
    }
    keep(length * TEXT_PREFIX); // before the list of their places is made
    return cursor.texts(length, MAX_TEXT, `the value of ${quote(key)}`, keep);
  }
  if (scalar) cursor.skip(length * scalar.bytes);
  else await skipTexts(cursor, length, key);
  return { length };
}

async function readScalars(cursor: Cursor, scalar: Scalar, length: number): Promise<GgufScalar[]> {
  const values: GgufScalar[] = [];
  while (values.length < length) {
    const more = cursor.need(scalar.bytes);
    if (more) await more;
    values.push(scalar.read(cursor));
  }
  return values;
}

async function skipTexts(cursor: Cursor, length: number, key: string): Promise<void> {
  for (let at = 0; at < length; at++) {
    const more = cursor.need(8);
    if (more) await more;
    cursor.skip(cursor.count(cursor.left - 8, `the length of a text of ${quote(key)}`));
  }
}

function readBool(cursor: Cursor): boolean {
  const value = cursor.u8();
  if (value > 1) throw unreadable(`a truth value is ${value}`);
  return value === 1;
}

/** A number where it is exact. */
function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Short and printable: keys of a hostile file end up in messages. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
