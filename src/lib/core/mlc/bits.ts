/** `q4f16_1`: bits of a weight, of a float, and how they are packed. */
const QUANTIZATION = /^q(\d+)f(\d+)/;
/** Weights that share a scale, which is a float. */
const GROUP = 32;

/** Bits that a weight takes with its share of a scale; `q0` is the float itself, and 32 what a name does not say. */
export function bitsPerWeight(quantization: string): number {
  const [, bits = '0', float = '32'] = QUANTIZATION.exec(quantization) ?? [];
  return Number(bits) === 0 ? Number(float) : Number(bits) + Number(float) / GROUP;
}
