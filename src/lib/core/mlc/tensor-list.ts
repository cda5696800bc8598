/** `tensor-cache.json`: which files the weights are in. */
import { isObject } from '#core/is-object';
import { MlcText, positive } from '#core/mlc/read-json';
import { isPlainName } from '#core/pull-target';

/** The lists of shards; newer repositories have the first, which is the one that web-llm asks for. */
export const TENSOR_LISTS = ['tensor-cache.json', 'ndarray-cache.json'] as const;

export function isTensorList(name: string): boolean {
  return (TENSOR_LISTS as readonly string[]).includes(name);
}

/** More than any model has: shards have 32 MiB and more. */
const MAX_SHARDS = 10_000;
const MAX_TENSORS = 100_000;
/** Bytes of one: buffers of 4 GiB are what 32-bit addresses in a library reach. */
const MAX_SHARD = 4 * 1024 ** 3;

export interface MlcTensorList {
  /** In their order; sizes in bytes. */
  shards: { name: string; size: number }[];
  /** Weights; 0 where the list does not say how many bits each has. */
  parameters: number;
  /** Bytes of all tensors on the GPU, where some are wider than in their shard. */
  gpuBytes: number;
  /** Bytes of the largest tensor there. */
  largest: number;
}

/** @throws PaddockError `model_unreadable`, naming the key */
export function parseTensorList(text: string, file: string = TENSOR_LISTS[0]): MlcTensorList {
  const list = new MlcText(file, text);
  const names = new Set<string>();
  const wide: number[] = [];
  const shards = list.list('records', MAX_SHARDS).map((record, at) => {
    const where = `"records[${at}]"`;
    if (!isObject(record)) throw list.fault(`${where} is no object`);
    const { dataPath: name, nbytes, records } = record;
    if (typeof name !== 'string' || !isPlainName(name) || name.length > 200) {
      throw list.fault(`the "dataPath" of ${where} is no file's name`);
    }
    if (names.has(name)) throw list.fault(`${where} names ${name} again`);
    names.add(name);
    const size = positive(nbytes);
    if (size === null || size > MAX_SHARD) {
      throw list.fault(`the "nbytes" of ${where} is no size`);
    }
    const parts: unknown = records;
    if (!Array.isArray(parts)) throw list.fault(`the "records" of ${where} is no list`);
    if (wide.length + parts.length > MAX_TENSORS) throw list.fault('it has too many tensors');
    for (const part of parts as unknown[]) {
      if (!liesWithin(part, size)) throw list.fault(`a tensor of ${where} lies outside of it`);
      wide.push(gpuBytesOf(part));
    }
    return { name, size };
  });
  const gpuBytes = wide.reduce((sum, bytes) => sum + bytes, 0);
  const largest = wide.reduce((most, bytes) => Math.max(most, bytes), 0);
  return { shards, parameters: parametersOf(list.object('metadata')), gpuBytes, largest };
}

interface Tensor {
  byteOffset: number;
  nbytes: number;
  format?: unknown;
  dtype?: unknown;
}

function liesWithin(part: unknown, size: number): part is Tensor {
  if (!isObject(part) || !isCount(part.byteOffset) || !isCount(part.nbytes)) return false;
  return part.byteOffset + part.nbytes <= size;
}

function gpuBytesOf({ nbytes, format, dtype }: Tensor): number {
  // These are stored in 16 bits, and calculated with in 32.
  const wide = format === 'f32-to-bf16' && dtype === 'float32';
  return Math.max(4, Math.ceil((nbytes * (wide ? 2 : 1)) / 4) * 4);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parametersOf({ ParamBytes: bytes, BitsPerParam: bits }: Record<string, unknown>): number {
  const known = typeof bytes === 'number' && typeof bits === 'number' && bytes > 0 && bits > 0;
  const count = known ? Math.round((bytes * 8) / bits) : 0;
  return Number.isSafeInteger(count) ? count : 0;
}
