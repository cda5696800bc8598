/** The size of an MLC build, which web-llm's list does not say. */

/** `q4f16_1`: bits of a weight, of a float, and how they are packed. */
const QUANTIZATION = /^q(\d)f(16|32)/;
/** Weights that share a scale. */
const GROUP = 32;

/**
 * Bytes of the weights, about, from `parameters`: each takes its bits and its share of a scale, and `q0` is the float
 * itself. The tokenizer and the library come to some 10 MB more.
 */
export function mlcSize(parameters: number, quantization: string): number {
  const [, bits, float] = QUANTIZATION.exec(quantization) ?? [];
  const each = bits === '0' ? Number(float) : Number(bits) + Number(float) / GROUP;
  return Math.round((parameters * each) / 8);
}
