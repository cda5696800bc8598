/** The files of an MLC model, looked at before the GPU is touched. */
import type { RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { knowsTools } from '#core/mlc/abilities';
import { CHAT_CONFIG, parseChatConfig, type MlcChatConfig } from '#core/mlc/chat-config';
import { requireFiles } from '#core/mlc/file-set';
import { isWasm, LIBRARY_NAME, WASM_HEAD } from '#core/mlc/library';
import { parseTensorList, TENSOR_LISTS, type MlcTensorList } from '#core/mlc/tensor-list';
import { conversationOf, type ConversationTemplate } from './conversation';

const TOKENIZER = 'tokenizer.json';

export interface ModelFiles {
  /** By their names. */
  blobs: ReadonlyMap<string, Blob>;
  config: MlcChatConfig;
  template: ConversationTemplate;
  tensors: MlcTensorList;
  /** Whether it learned Hermes' way of tools. */
  tools: boolean;
  /** `tokenizer.json`; undefined: the model has SentencePiece's `tokenizer.model`. */
  tokenizer: Record<string, unknown> | undefined;
}

/**
 * @param blobs what `model.files` are, in their order
 * @throws PaddockError `model_unreadable`, `bad_library`
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
  const config = parseChatConfig(await readText(named, CHAT_CONFIG));
  const template = conversationOf(config);
  const tensors = parseTensorList(await readText(named, TENSOR_LISTS[0]));
  const files = [...named].map(([name, { size }]) => ({ name, size }));
  requireFiles(config, tensors, files);
  const tokenizer = await readTokenizer(named, config);
  if (tokenizer && (tokenizer.truncation || tokenizer.padding)) {
    // web-llm's tokenizer would cut a text, or fill it, and tell nobody.
    const whole = JSON.stringify({ ...tokenizer, truncation: null, padding: null });
    named.set(TOKENIZER, new Blob([whole]));
  }
  await checkLibrary(named);
  const tools = model.tools === true || knowsTools(config);
  return { blobs: named, config, template, tensors, tools, tokenizer };
}

async function readTokenizer(
  files: ReadonlyMap<string, Blob>,
  { tokenizerFiles }: MlcChatConfig,
): Promise<ModelFiles['tokenizer']> {
  if (!tokenizerFiles.includes(TOKENIZER)) return undefined;
  const text = await readText(files, TOKENIZER);
  let tokenizer: unknown;
  try {
    tokenizer = JSON.parse(text);
  } catch {
    throw unreadable(`"${TOKENIZER}" is not JSON`);
  }
  if (isObject(tokenizer) && isObject(tokenizer.model)) return tokenizer;
  throw unreadable(`"${TOKENIZER}" describes no tokenizer`);
}

async function checkLibrary(files: ReadonlyMap<string, Blob>): Promise<void> {
  const library = files.get(LIBRARY_NAME);
  if (!library) throw new PaddockError('bad_library', 'The model has no library.');
  if (isWasm(new Uint8Array(await library.slice(0, WASM_HEAD).arrayBuffer()))) return;
  throw new PaddockError('bad_library', 'The library is not WebAssembly.');
}

async function readText(files: ReadonlyMap<string, Blob>, name: string): Promise<string> {
  const file = files.get(name);
  if (!file) throw unreadable(`its file "${name}" is missing`);
  return file.text();
}

function unreadable(why: string): PaddockError {
  return new PaddockError('model_unreadable', `This model cannot be loaded: ${why}.`);
}
