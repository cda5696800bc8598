/** The tensors that a GGUF file lists, each checked against the file's size (CVE-2026-7482, CVE-2026-27940). */
import { unreadable, type Cursor } from '#core/gguf/cursor';
import { quote } from '#core/gguf/metadata';
import { TENSOR_TYPES, type TensorType } from '#core/gguf/types';

export interface GgufTensor {
  name: string;
  /** The fastest-running first, as GGML has them. */
  dims: number[];
  type: string;
  /** Values. */
  count: number;
  /** From the start of the data. */
  offset: number;
  /** Bytes. */
  size: number;
}

/** GGML's limits. */
const MAX_DIMS = 4;
const MAX_NAME = 64;
/** The largest models have some 2,000. */
const MAX_TENSORS = 65_536;
const MAX_INT64 = 2n ** 63n - 1n;

/** The smallest entry: an empty name, no dimension, a type and an offset. */
const MIN_ENTRY = 8 + 4 + 4 + 8;

/** The number of tensors, against what the file can hold. */
export function readTensorCount(cursor: Cursor): number {
  const tensors = cursor.count(cursor.left / MIN_ENTRY, 'the number of tensors');
  if (tensors > MAX_TENSORS) throw unreadable(`it has ${tensors} tensors`);
  return tensors;
}

export async function readTensors(
  cursor: Cursor,
  count: number,
  alignment: number,
): Promise<GgufTensor[]> {
  const tensors = new Map<string, GgufTensor>();
  for (let index = 0; index < count; index++) {
    const tensor = await readTensor(cursor, alignment);
    if (tensors.has(tensor.name)) {
      throw unreadable(`the tensor ${quote(tensor.name)} is there twice`);
    }
    tensors.set(tensor.name, tensor);
  }
  return [...tensors.values()];
}

/** Every tensor's bytes must lie between the end of the header and the end of the file, and be its own. */
export function checkExtents(tensors: GgufTensor[], dataOffset: number, fileSize: number): void {
  let end = 0;
  let before = '';
  for (const { name, offset, size } of [...tensors].sort((a, b) => a.offset - b.offset)) {
    if (offset < end) {
      throw unreadable(`the tensors ${quote(before)} and ${quote(name)} have bytes in common`);
    }
    end = offset + size;
    before = name;
    if (dataOffset + offset + size > fileSize) {
      throw unreadable(`the tensor ${quote(name)} goes past the end of the file`);
    }
  }
}

async function readTensor(cursor: Cursor, alignment: number): Promise<GgufTensor> {
  const name = await cursor.text(MAX_NAME, 'the name of a tensor');
  await cursor.need(4);
  const rank = cursor.u32();
  if (rank < 1 || rank > MAX_DIMS) {
    throw unreadable(`the tensor ${quote(name)} has ${rank} dimensions`);
  }
  await cursor.need(8 * rank + 12);
  const dims = Array.from({ length: rank }, () => cursor.u64());
  const typeId = cursor.u32();
  const type = TENSOR_TYPES.get(typeId);
  if (!type) throw unreadable(`the tensor ${quote(name)} has the unknown type ${typeId}`);
  const { count, size } = measure(name, dims, type, cursor.size);
  const offset = cursor.count(cursor.size, `the offset of ${quote(name)}`);
  if (offset % alignment !== 0) throw unreadable(`the tensor ${quote(name)} is not aligned`);
  return { name, dims: dims.map(Number), type: type.name, count, offset, size };
}

/** In BigInt: a product that wraps around is how such files get past a check. */
function measure(name: string, dims: bigint[], type: TensorType, fileSize: number) {
  let count = 1n;
  for (const dim of dims) {
    count *= dim;
    if (dim === 0n || count > MAX_INT64) {
      throw unreadable(`the dimensions of ${quote(name)} are wrong: ${dims.join(' × ')}`);
    }
  }
  if (dims[0]! % BigInt(type.block) !== 0n) {
    throw unreadable(`a row of ${quote(name)} is not a whole number of ${type.name} blocks`);
  }
  const size = (count / BigInt(type.block)) * BigInt(type.bytes);
  if (size > BigInt(fileSize))
    throw unreadable(`the tensor ${quote(name)} is larger than the file`);
  return { count: Number(count), size: Number(size) };
}
