/** An MLC model's texts, as they lie in the store. */
import { PaddockError } from '#core/errors';
import { layersOf, LAYER_PREFIX, type Layer, type Manifest } from '#core/manifest';
import { CHAT_CONFIG, parseChatConfig, type MlcChatConfig } from '#core/mlc/chat-config';
import { requireFiles, type NamedFile } from '#core/mlc/file-set';
import { conversationWords, mlcModelInfo } from '#core/mlc/model-info';
import { parseTensorList, TENSOR_LISTS, type MlcTensorList } from '#core/mlc/tensor-list';
import type { BlobStore } from '#store/blob-store';

/** Bytes; the list of a model of 70 billion weights has some 500,000. */
const MAX_TEXT = 8 * 1024 * 1024;

export interface MlcModelTexts {
  config: MlcChatConfig;
  list: MlcTensorList;
}

type Store = Pick<BlobStore, 'open'>;

/**
 * What the texts among `layers` say. `files` are those that the model will have: they have to be what the texts name.
 * @throws PaddockError `model_unreadable`, naming the file and the key
 */
export async function readMlc(
  store: Store,
  layers: readonly Layer[],
  files: readonly NamedFile[],
): Promise<MlcModelTexts> {
  const texts = layers.filter(({ mediaType }) => mediaType === `${LAYER_PREFIX}json`);
  const list = TENSOR_LISTS.find((name) => texts.some((text) => text.name === name));
  const config = parseChatConfig(await read(store, texts, CHAT_CONFIG));
  const tensors = parseTensorList(await read(store, texts, list ?? TENSOR_LISTS[0]), list);
  requireFiles(config, tensors, files);
  return { config, list: tensors };
}

/** The same of an installed one, which has to have a library too. @throws PaddockError `model_unreadable` */
export async function readInstalledMlc(store: Store, manifest: Manifest): Promise<MlcModelTexts> {
  if (layersOf(manifest, 'library').length === 0) {
    throw unreadable('this MLC model has no library, which is the code that runs it');
  }
  return readMlc(store, manifest.layers, namedFiles(manifest.layers));
}

export interface MlcShown {
  /** Its figures under GGUF's names. */
  modelInfo: Record<string, string | number>;
  /** How a chat becomes a prompt, in words. */
  template: string;
}

/** What is shown of an installed one. @throws PaddockError `model_unreadable` */
export async function showMlc(store: Store, manifest: Manifest): Promise<MlcShown> {
  const { config, list } = await readInstalledMlc(store, manifest);
  return { modelInfo: mlcModelInfo(config, list), template: conversationWords(config) };
}

/** The files that have names. */
export function namedFiles(layers: readonly { name?: string; size: number }[]): NamedFile[] {
  return layers.flatMap(({ name, size }) => (name === undefined ? [] : [{ name, size }]));
}

async function read(store: Store, texts: Layer[], name: string): Promise<string> {
  const layer = texts.find((text) => text.name === name);
  if (!layer) throw unreadable(`this MLC model is not whole: ${name} is missing`);
  const blob = await store.open(layer.digest);
  if (blob.size > MAX_TEXT) throw unreadable(`${name} has ${blob.size} bytes, too many for a list`);
  return blob.text();
}

function unreadable(why: string): PaddockError {
  return new PaddockError('model_unreadable', why);
}
