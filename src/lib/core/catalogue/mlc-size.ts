/** The size of an MLC build, which web-llm's list does not say. */
import { bitsPerWeight } from '#core/mlc/bits';

/** Bytes of the weights, about, from `parameters`. The tokenizer and the library come to some 10 MB more. */
export function mlcSize(parameters: number, quantization: string): number {
  return Math.round((parameters * bitsPerWeight(quantization)) / 8);
}
