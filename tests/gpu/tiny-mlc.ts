/** The tiny MLC model as the store would have it. */
import chatConfig from '../fixtures/tiny-mlc/mlc-chat-config.json?raw';
import tensorCache from '../fixtures/tiny-mlc/tensor-cache.json?raw';
import tokenizer from '../fixtures/tiny-mlc/tokenizer.json?raw';
import shard from '../fixtures/tiny-mlc/params_shard_0.bin?url';
import expected from '../fixtures/tiny-mlc/expected.json';
import { bytesOfLetters } from '../../workers/runner/engines/paddock/tokenizer/byte-letters';

export type ModelFiles = Record<string, Blob>;

/** What the model answers, as its maker computed it by other means. */
export const EXPECTED = expected;

let files: Promise<ModelFiles> | undefined;

export function tinyMlc(): Promise<ModelFiles> {
  files ??= read();
  return files;
}

async function read(): Promise<ModelFiles> {
  return {
    'mlc-chat-config.json': new Blob([chatConfig]),
    'tensor-cache.json': new Blob([tensorCache]),
    'tokenizer.json': new Blob([tokenizer]),
    'params_shard_0.bin': await (await fetch(shard)).blob(),
    'library.wasm': await (await fetch('/tiny-mlc/library.wasm')).blob(),
  };
}

const vocabulary = JSON.parse(tokenizer) as {
  model: { vocab: Record<string, number> };
  added_tokens: { id: number; content: string }[];
};
const names = new Map<number, string>([
  ...Object.entries(vocabulary.model.vocab).map(([name, id]) => [id, name] as const),
  ...vocabulary.added_tokens.map(({ id, content }) => [id, content] as const),
]);

/** What a token writes. */
export function bytesOf(token: number): number[] {
  return [...bytesOfLetters(names.get(token) ?? '')];
}
