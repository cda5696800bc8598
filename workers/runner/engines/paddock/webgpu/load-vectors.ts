/** Norms and biases, as the kernels bind them. */
import type { GgufHeader } from '#core/gguf';
import { interleaveRows } from '../load/interleave';
import type { WeightsReader } from '../load/reader';
import { readF32 } from '../load/vectors';
import type { Uploader } from './upload';
import { vectorsIn, type GpuVector } from './vectors';
import type { GpuWeights } from './weights';

interface VectorsLoad {
  weights: GpuWeights;
  reader: WeightsReader;
  header: GgufHeader;
}

/** @throws PaddockError `model_unreadable` where a value is not finite */
export async function uploadVectors(load: VectorsLoad, uploader: Uploader): Promise<void> {
  const { weights } = load;
  const vectors = vectorsIn(weights.plan.vectors);
  await Promise.all(
    vectors.map(async (vector) => {
      const { buffer, offset = 0 } = weights.vector(vector);
      uploader.write(buffer, offset, await contentOf(vector, load));
    }),
  );
}

async function contentOf(
  { sources, bytes }: GpuVector,
  { reader, header, weights }: VectorsLoad,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(bytes);
  let at = 0;
  for (const { vector, interleave } of sources) {
    const values = await readF32(reader, header.dataOffset, vector);
    const target = content.subarray(at, (at += 4 * vector.length));
    const source = new Uint8Array(values.buffer);
    if (interleave > 0) interleaveRows(source, target, 4, weights.plan.spec.headSize);
    else target.set(source);
  }
  return content;
}
