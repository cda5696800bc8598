/** Whether an MLC model's files make one: those that its texts name, with the sizes that they give. */
import { PaddockError } from '#core/errors';
import { CHAT_CONFIG, type MlcChatConfig } from '#core/mlc/chat-config';
import type { MlcTensorList } from '#core/mlc/tensor-list';

export interface NamedFile {
  name: string;
  /** Bytes. */
  size: number;
}

/** Those that web-llm reads, the first that a model names. */
const TOKENIZERS = ['tokenizer.json', 'tokenizer.model'];

/**
 * Before any weight is fetched, `files` being those that would be, and at a load, being those that are here.
 * @throws PaddockError `model_unreadable`, naming the file
 */
export function requireFiles(
  { tokenizerFiles }: Pick<MlcChatConfig, 'tokenizerFiles'>,
  { shards }: Pick<MlcTensorList, 'shards'>,
  files: readonly NamedFile[],
): void {
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  const tokenizer = TOKENIZERS.find((name) => tokenizerFiles.includes(name));
  if (!tokenizer) {
    throw unreadable(`${CHAT_CONFIG} names no tokenizer that WebLLM reads (tokenizer.json)`);
  }
  if (!sizes.has(tokenizer)) throw unreadable(`its tokenizer, ${tokenizer}, is missing`);
  for (const { name, size } of shards) {
    const there = sizes.get(name);
    if (there === undefined) throw unreadable(`its shard ${name} is missing`);
    if (there !== size) {
      throw unreadable(`its shard ${name} has ${there} bytes, and its list says ${size}`);
    }
  }
}

function unreadable(why: string): PaddockError {
  return new PaddockError('model_unreadable', `this MLC model is not whole: ${why}`);
}
