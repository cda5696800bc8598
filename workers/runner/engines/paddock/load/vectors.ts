/** The tensors of one dimension: norms and biases, f32 as they are in the file. */
import { interleaveRows } from './interleave';
import { unreadableModel } from '../spec/read-spec';
import type { ModelSpec } from '../spec/model-spec';
import type { ModelTensors, Vector } from '../spec/tensors';
import type { Part } from '../memory/part';

export async function loadVectors(
  weights: Blob,
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
      const values = await readF32(weights, dataOffset, vector);
      const target = new Float32Array(memory.buffer, address, vector.length);
      if (!turned.has(vector)) return target.set(values);
      const bytes = new Uint8Array(target.buffer, address, vector.length * 4);
      interleaveRows(new Uint8Array(values.buffer), bytes, 4, spec.headSize);
    }),
  );
}

/** @throws PaddockError `model_unreadable` where a value is not finite */
export async function readF32(
  weights: Blob,
  dataOffset: number,
  { tensor, length }: Vector,
): Promise<Float32Array<ArrayBuffer>> {
  const start = dataOffset + tensor.offset;
  const values = new Float32Array(await weights.slice(start, start + 4 * length).arrayBuffer());
  if (values.every(Number.isFinite)) return values;
  throw unreadableModel(`"${tensor.name}" has values that are not numbers`);
}
