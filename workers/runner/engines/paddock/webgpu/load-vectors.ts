/** Norms and biases, as the kernels bind them. */
import { interleaveRows } from '../load/interleave';
import { readF32 } from '../load/vectors';
import type { GpuLoad } from './load';
import type { Uploader } from './upload';
import { vectorsIn, type GpuVector } from './vectors';

/** @throws PaddockError `model_unreadable` where a value is not finite */
export async function uploadVectors(load: GpuLoad, uploader: Uploader): Promise<void> {
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
  { reader, header, weights }: GpuLoad,
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
