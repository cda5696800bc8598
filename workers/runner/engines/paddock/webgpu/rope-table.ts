/** The table of angles: [context][pairs] of a cosine and a sine, f32, from f64 as on the CPU. */
import { ropeFrequencies, writeAngles } from '../decode/rope-angles';
import type { Uploader } from './upload';
import type { GpuWeights } from './weights';

/** Values, of cosines as of sines, that are worked out at a time. */
const STEP = 16_384;

/** @param breathe after each step */
export async function uploadRope(
  { plan, buffers }: GpuWeights,
  uploader: Uploader,
  breathe: () => Promise<unknown>,
): Promise<void> {
  const frequencies = ropeFrequencies(plan.spec.rope);
  const pairs = frequencies.length;
  const positions = Math.max(1, Math.floor(STEP / pairs));
  const cos = new Float32Array(positions * pairs);
  const sin = new Float32Array(positions * pairs);
  const table = new Float32Array(2 * positions * pairs);
  for (let start = 0; start < plan.context; start += positions) {
    const count = Math.min(positions, plan.context - start);
    writeAngles(frequencies, start, count, cos, sin);
    for (let at = 0; at < count * pairs; at++) {
      table[2 * at] = cos[at]!;
      table[2 * at + 1] = sin[at]!;
    }
    const bytes = new Uint8Array(table.buffer, 0, 8 * count * pairs);
    uploader.write(buffers.rope, 8 * start * pairs, bytes);
    await breathe();
  }
}
