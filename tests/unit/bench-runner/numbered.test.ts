/** The file that llama.cpp is given where it is measured: another vocabulary, the same weights. */
import { expect, it } from 'vitest';
import { TextList } from '#core/gguf/text-list';
import { readBlobHeader } from '#store/blob-header';
import { lettersOf, numbered, tokensOf } from '../../../workers/runner/engines/wllama/numbered';
import { randomModel } from '../../fixtures/random-model';

const WEIGHTS = randomModel({ type: 'Q8_0', seed: 3 });

it('each token is a letter of its own, to the last of the largest vocabularies', () => {
  const tokens = [0, 1, 49_151, 262_143, 1_000_000];
  const letters = lettersOf(tokens);
  expect([...letters]).toHaveLength(5);
  expect(tokensOf(letters)).toEqual(tokens);
});

it('the weights are the same, and so is what is told of them', async () => {
  const file = new Blob([WEIGHTS as Uint8Array<ArrayBuffer>]);
  const before = await readBlobHeader(file);
  const result = await numbered(file);
  const after = await readBlobHeader(result, { keepArray: () => true });
  expect(after.tensors).toEqual(before.tensors);
  const data = async (blob: Blob, { dataOffset }: typeof before) =>
    Buffer.from(await blob.slice(dataOffset).arrayBuffer());
  expect((await data(result, after)).equals(await data(file, before))).toBe(true);
  for (const [key, value] of before.metadata) {
    if (!key.startsWith('tokenizer.') && typeof value !== 'object') {
      expect(after.metadata.get(key), key).toBe(value);
    }
  }
});

it('of the vocabulary nothing is left but how many tokens it has', async () => {
  const file = new Blob([WEIGHTS as Uint8Array<ArrayBuffer>]);
  const before = await readBlobHeader(file);
  const { metadata } = await readBlobHeader(await numbered(file), { keepArray: () => true });
  const keys = [...metadata.keys()].filter((key) => key.startsWith('tokenizer.'));
  expect(keys).toEqual(['tokenizer.ggml.model', 'tokenizer.ggml.tokens']);
  const tokens = metadata.get('tokenizer.ggml.tokens') as TextList;
  const count = (before.metadata.get('tokenizer.ggml.tokens') as { length: number }).length;
  expect(tokens).toHaveLength(count);
  expect(tokens.at(0)).toBe(lettersOf([0]));
  expect(tokens.at(count - 1)).toBe(lettersOf([count - 1]));
});
