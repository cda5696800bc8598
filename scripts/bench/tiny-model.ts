import { randomModel } from '../../tests/fixtures/random-model';

/** As `tests/fixtures/tiny-mlc` is, its vocabulary of 512 aside. */
const SIZE = { layers: 2, hidden: 64, feedForward: 128, heads: 4, keyValueHeads: 2, headSize: 16 };

/** A GGUF file of the shape of WebLLM's tiny model; 4 bits a weight, like that. */
export function tinyModel(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(randomModel({ type: 'Q4_0', size: SIZE }));
}
