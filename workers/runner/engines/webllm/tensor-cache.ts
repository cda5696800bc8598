/** An MLC model's `tensor-cache.json`: which tensors are in which shard, and how large they are on the GPU. */
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';

export interface Shard {
  /** Its file. */
  name: string;
  /** Bytes. */
  size: number;
}

export interface TensorCache {
  shards: Shard[];
  /** Bytes of all shards. */
  size: number;
  /** Bytes of all tensors on the GPU, where some are wider than in their shard. */
  gpuBytes: number;
  /** Bytes of the largest tensor there. */
  largest: number;
}

/** @throws PaddockError `model_unreadable` */
export function parseTensorCache(value: unknown): TensorCache {
  const records = isObject(value) ? value.records : undefined;
  if (!Array.isArray(records) || records.length === 0) throw unusable('it lists no shards');
  const shards: Shard[] = [];
  let gpuBytes = 0;
  let largest = 0;
  for (const record of records as unknown[]) {
    if (!isObject(record) || typeof record.dataPath !== 'string' || !isCount(record.nbytes)) {
      throw unusable('it has a shard without a name or size');
    }
    if (!Array.isArray(record.records)) throw unusable(`"${record.dataPath}" lists no tensors`);
    shards.push({ name: record.dataPath, size: record.nbytes });
    for (const tensor of record.records as unknown[]) {
      const bytes = tensorBytes(tensor, record.nbytes);
      gpuBytes += bytes;
      largest = Math.max(largest, bytes);
    }
  }
  return { shards, size: shards.reduce((sum, { size }) => sum + size, 0), gpuBytes, largest };
}

/** @param shard its shard's bytes, which it must not leave */
function tensorBytes(tensor: unknown, shard: number): number {
  if (
    !isObject(tensor) ||
    !isCount(tensor.nbytes) ||
    !isCount(tensor.byteOffset) ||
    !Array.isArray(tensor.shape) ||
    !tensor.shape.every(isCount) ||
    tensor.byteOffset + tensor.nbytes > shard
  ) {
    throw unusable('a tensor does not lie in its shard');
  }
  // These are stored in 16 bits, and calculated with in 32.
  const wide = tensor.format === 'f32-to-bf16' && tensor.dtype === 'float32';
  return Math.max(4, Math.ceil((tensor.nbytes * (wide ? 2 : 1)) / 4) * 4);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function unusable(why: string): PaddockError {
  return new PaddockError('model_unreadable', `tensor-cache.json cannot be used: ${why}.`);
}
