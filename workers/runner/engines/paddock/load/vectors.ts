/** The tensors of one dimension: norms and biases, f32 as they are in the file. */
import { interleaveRows } from './interleave';
import { damagedValues } from '../spec/faults';
import type { ModelSpec } from '../spec/model-spec';
import type { ModelTensors, Vector } from '../spec/tensors';
import type { Part } from '../memory/part';
import type { WeightsReader } from './reader';

export async function loadVectors(
  reader: WeightsReader,
  dataOffset: number,
  spec: ModelSpec,
  tensors: ModelTensors,
  parts: readonly Part[],
): Promise<void> {
  const turned = new Set<Vector | undefined>(
    spec.rope.halves
      ? tensors.layers.flatMap((layer) => [
          layer.queryBias,
          layer.keyBias,
          layer.queryNorm,
          layer.keyNorm,
        ])
      : [],
  );
  const places = parts.flatMap(({ plan, memory }) =>
    [...plan.vectors].map(([vector, address]) => ({ vector, address, memory })),
  );
  await Promise.all(
    places.map(async ({ vector, address, memory }) => {
      const values = await readF32(reader, dataOffset, vector);
      const target = new Float32Array(memory.buffer, address, vector.length);
      if (!turned.has(vector)) return target.set(values);
      const bytes = new Uint8Array(target.buffer, address, vector.length * 4);
      interleaveRows(new Uint8Array(values.buffer), bytes, 4, spec.headSize);
    }),
  );
}

/** @throws PaddockError `model_unreadable` where a value is not finite */
export async function readF32(
  reader: WeightsReader,
  dataOffset: number,
  { tensor, length }: Vector,
): Promise<Float32Array<ArrayBuffer>> {
  const start = dataOffset + tensor.offset;
  const values = new Float32Array((await reader.bytes(start, 4 * length)).buffer);
  if (values.every(Number.isFinite)) return values;
  throw damagedValues(tensor.name);
}

/**
 * The divisors of rope's frequencies, of `rope_freqs.weight`.
 * @throws PaddockError `model_unreadable` where a value is not finite or not above 0
 */
export async function readRopeFactors(
  reader: WeightsReader,
  dataOffset: number,
  vector: Vector | undefined,
): Promise<Float32Array | undefined> {
  if (!vector) return undefined;
  const factors = await readF32(reader, dataOffset, vector);
  if (factors.every((factor) => factor > 0)) return factors;
  throw damagedValues(vector.tensor.name, 'not above 0');
}
