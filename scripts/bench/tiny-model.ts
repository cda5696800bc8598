import { randomModel } from '../../tests/fixtures/random-model';

/**
 * As `tests/fixtures/tiny-mlc` is, but for a vocabulary of 355 tokens in the place of 512, and 2 heads of 32 on one in the
 * place of 4 of 16 on two: the same matrices, since our kernels take no heads below 32.
 */
const SIZE = { layers: 2, hidden: 64, feedForward: 128, heads: 2, keyValueHeads: 1, headSize: 32 };

/** A GGUF file of the shape of WebLLM's tiny model; 4 bits a weight, like that. */
export function tinyModel(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(randomModel({ type: 'Q4_0', size: SIZE }));
}
