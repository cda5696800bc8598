/** The files of an MLC model, looked at before the GPU is touched. */
import type { RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { parseChatConfig, type ChatConfig } from './chat-config';
import { parseTensorCache, type TensorCache } from './tensor-cache';

const CONFIG = 'mlc-chat-config.json';
const TENSORS = 'tensor-cache.json';
export const LIBRARY = 'library.wasm';

export interface ModelFiles {
  /** By their names. */
  blobs: ReadonlyMap<string, Blob>;
  config: ChatConfig;
  tensors: TensorCache;
  /** `tokenizer.json`; undefined: the model has SentencePiece's `tokenizer.model`. */
  tokenizer: Record<string, unknown> | undefined;
}

/**
 * @param blobs what `model.files` are, in their order
 * @throws PaddockError `model_unreadable` (detail: file), `bad_library`
 */
export async function readModelFiles(
  model: RunnerModel,
  blobs: readonly Blob[],
): Promise<ModelFiles> {
  const named = new Map<string, Blob>();
  model.files.forEach(({ name }, at) => {
    const blob = blobs[at];
    if (name && blob) named.set(name, blob);
  });
  const config = parseChatConfig(await readJson(named, CONFIG));
  const tensors = parseTensorCache(await readJson(named, TENSORS));
  for (const { name, size } of tensors.shards) {
    const { size: found } = requireFile(named, name);
    if (found !== size) {
      throw unreadable(`"${name}" is ${found} bytes long and should be ${size}`, name);
    }
  }
  const tokenizer = await readTokenizer(named, config);
  await checkLibrary(named);
  return { blobs: named, config, tensors, tokenizer };
}

async function readTokenizer(
  files: ReadonlyMap<string, Blob>,
  { tokenizer_files: names }: ChatConfig,
): Promise<ModelFiles['tokenizer']> {
  if (names.includes('tokenizer.json')) {
    const tokenizer = await readJson(files, 'tokenizer.json');
    if (isObject(tokenizer) && isObject(tokenizer.model)) return tokenizer;
    throw unreadable('"tokenizer.json" describes no tokenizer', 'tokenizer.json');
  }
  if (!names.includes('tokenizer.model')) {
    throw unreadable('it has no tokenizer that is known here', 'tokenizer.json');
  }
  requireFile(files, 'tokenizer.model');
  return undefined;
}

/** `\0asm`, version 1. */
const WASM = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

async function checkLibrary(files: ReadonlyMap<string, Blob>): Promise<void> {
  const library = files.get(LIBRARY);
  if (!library) throw new PaddockError('bad_library', 'The model has no library.');
  const magic = new Uint8Array(await library.slice(0, WASM.length).arrayBuffer());
  if (magic.length === WASM.length && WASM.every((byte, at) => magic[at] === byte)) return;
  throw new PaddockError('bad_library', 'The library is not WebAssembly.');
}

async function readJson(files: ReadonlyMap<string, Blob>, name: string): Promise<unknown> {
  const text = await requireFile(files, name).text();
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(`"${name}" is not JSON`, name);
  }
}

function requireFile(files: ReadonlyMap<string, Blob>, name: string): Blob {
  const file = files.get(name);
  if (!file) throw unreadable(`its file "${name}" is missing`, name);
  return file;
}

function unreadable(why: string, file: string): PaddockError {
  return new PaddockError('model_unreadable', `This model cannot be loaded: ${why}.`, { file });
}
