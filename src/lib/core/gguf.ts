/** The header of a GGUF file, read and checked before any engine sees the file. */
import { Cursor, unreadable, type ReadAt } from '#core/gguf/cursor';
import { readMetadata, readPairCount, type GgufScalar, type Metadata } from '#core/gguf/metadata';
import { checkExtents, readTensorCount, readTensors, type GgufTensor } from '#core/gguf/tensors';
import { FILE_TYPES } from '#core/gguf/types';

/** `GGUF`, read as a little-endian number. */
const MAGIC = 0x46554747;
const DEFAULT_ALIGNMENT = 32;
/** The detail of a fault: the file is of another format, not a damaged one of this. */
const NO_GGUF = { gguf: false };
/** Magic, version and the two counts. */
const FIXED_BYTES = 24;

export interface GgufOptions {
  /** Says which lists to keep; of the others only the length is kept. */
  keepArray?: (key: string) => boolean;
  /** A later part of a split model, which has tensors and its number alone, is good enough. See `gguf/split.ts`. */
  parts?: boolean;
}

/**
 * Reads the header of a file of `size` bytes through `read`, and nothing behind it.
 * @throws PaddockError `model_unreadable`, naming the fault
 */
export async function readGgufHeader(
  read: ReadAt,
  size: number,
  { keepArray = () => false, parts = false }: GgufOptions = {},
): Promise<GgufHeader> {
  if (size < FIXED_BYTES) throw unreadable(`it has ${size} bytes`, NO_GGUF);
  const cursor = new Cursor(read, size);
  await cursor.need(FIXED_BYTES);
  if (cursor.u32() !== MAGIC) throw unreadable('it does not begin with "GGUF"', NO_GGUF);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw unreadable(describeVersion(version));
  const tensorCount = readTensorCount(cursor);
  const pairs = readPairCount(cursor);
  const metadata = await readMetadata(cursor, pairs, keepArray);
  const alignment = alignmentOf(metadata);
  const tensors = await readTensors(cursor, tensorCount, alignment);
  const dataOffset = Math.ceil(cursor.offset / alignment) * alignment;
  checkExtents(tensors, dataOffset, size);
  const number = (key: string) => Number(metadata.get(key) ?? 0);
  const later = parts && number('split.count') > 1 && number('split.no') > 0;
  if (!later && typeof metadata.get('general.architecture') !== 'string') {
    throw unreadable('it names no architecture');
  }
  return new GgufHeader(version, metadata, tensors, dataOffset);
}

export interface TensorTypeSum {
  /** Such as `Q4_K`. */
  type: string;
  /** Tensors. */
  count: number;
  bytes: number;
}

export class GgufHeader {
  constructor(
    readonly version: number,
    readonly metadata: Metadata,
    readonly tensors: GgufTensor[],
    /** Bytes from the file's start to the first tensor. */
    readonly dataOffset: number,
  ) {}

  /** A text of the metadata; empty where there is none. */
  text(key: string): string {
    const value = this.metadata.get(key);
    return typeof value === 'string' ? value : '';
  }

  get architecture(): string {
    return this.text('general.architecture');
  }

  /** A whole number above 0 at `<architecture>.<key>`; null where there is none. */
  count(key: string): number | null {
    const value = this.metadata.get(`${this.architecture}.${key}`);
    return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
  }

  /** Values in all tensors. */
  get parameterCount(): number {
    return this.tensors.reduce((sum, { count }) => sum + count, 0);
  }

  /** `Q4_K_M`, as the file says, else the type that most of its values have. */
  get quantization(): string {
    const declared = FILE_TYPES.get(Number(this.metadata.get('general.file_type') ?? NaN));
    if (declared) return declared;
    const values = new Map<string, number>();
    for (const { type, count } of this.tensors) values.set(type, (values.get(type) ?? 0) + count);
    const [first] = [...values].sort(([, a], [, b]) => b - a);
    return first?.[0] ?? 'unknown';
  }

  /** Ollama's `model_info`: the metadata as JSON, lists only where `lists` and where they were kept. */
  modelInfo(lists: boolean): Record<string, unknown> {
    const entries = [...this.metadata].map(([key, value]): [string, unknown] => {
      if (typeof value !== 'object') return [key, plain(value)];
      return [key, lists && value.values ? value.values.map(plain) : null];
    });
    return Object.fromEntries([...entries, ['general.parameter_count', this.parameterCount]]);
  }

  /** How many tensors of each type there are, and their bytes; the heaviest type first. */
  tensorTypes(): TensorTypeSum[] {
    const sums = new Map<string, TensorTypeSum>();
    for (const { type, size } of this.tensors) {
      const sum = sums.get(type) ?? { type, count: 0, bytes: 0 };
      sums.set(type, { type, count: sum.count + 1, bytes: sum.bytes + size });
    }
    return [...sums.values()].sort((a, b) => b.bytes - a.bytes);
  }

  /** Ollama's `tensors`. */
  tensorList(): { name: string; type: string; shape: number[] }[] {
    return this.tensors.map(({ name, type, dims }) => ({ name, type, shape: dims }));
  }
}

/** "134.52M", as Ollama writes parameter counts. */
export function parameterSize(count: number): string {
  const scaled = (unit: number, digits: number, suffix: string) => {
    const value = count / unit;
    return (Number.isInteger(value) ? value.toFixed(0) : value.toFixed(digits)) + suffix;
  };
  if (count >= 1e9) return scaled(1e9, 1, 'B');
  if (count >= 1e6) return scaled(1e6, 2, 'M');
  if (count >= 1e3) return scaled(1e3, 0, 'K');
  return String(count);
}

/** JSON has neither BigInt nor NaN. */
function plain(value: GgufScalar): string | number | boolean | null {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) ? shortest(value) : null;
}

/** A value of 32 bits with the digits that tell it from its neighbours: 0.00001, not 0.000009999999747378752. */
function shortest(value: number): number {
  if (Number.isInteger(value) || Math.fround(value) !== value) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function alignmentOf(metadata: Metadata): number {
  const value = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  const valid = typeof value === 'number' && Number.isInteger(Math.log2(value)) && value <= 2 ** 31;
  if (!valid) throw unreadable('its alignment is not a power of two');
  return value;
}

function describeVersion(version: number): string {
  // The version's bytes the wrong way round are the mark of a big-endian file.
  const bigEndian = version >= 0x01000000 && (version & 0xffff) === 0;
  return bigEndian ? 'it is big-endian' : `its version is ${version}, and 2 and 3 are known`;
}
