/** The angles by which rope turns the columns of a head. */
import type { RopeSpec } from '../spec/model-spec';

/** [dimensions / 2]: radians for each position. Source: RoFormer (arXiv:2104.09864), equation 15. */
export function ropeFrequencies({ base, linear, dimensions, factors }: RopeSpec): Float64Array {
  return Float64Array.from({ length: dimensions / 2 }, (_, pair) => {
    const frequency = base ** ((-2 * pair) / dimensions) / linear;
    return frequency / (factors?.[pair] ?? 1);
  });
}

/** Writes cosines and sines, [count][pairs], of the positions from `start`. */
export function writeAngles(
  frequencies: Float64Array,
  start: number,
  count: number,
  cos: Float32Array,
  sin: Float32Array,
): void {
  let at = 0;
  for (let position = start; position < start + count; position++) {
    for (const frequency of frequencies) {
      const angle = position * frequency;
      cos[at] = Math.cos(angle);
      sin[at++] = Math.sin(angle);
    }
  }
}
