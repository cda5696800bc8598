/** The tiny MLC model as the store would have it. */
import chatConfig from '../fixtures/tiny-mlc/mlc-chat-config.json?raw';
import tensorCache from '../fixtures/tiny-mlc/tensor-cache.json?raw';
import tokenizer from '../fixtures/tiny-mlc/tokenizer.json?raw';
import shard from '../fixtures/tiny-mlc/params_shard_0.bin?url';
import expected from '../fixtures/tiny-mlc/expected.json';

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
