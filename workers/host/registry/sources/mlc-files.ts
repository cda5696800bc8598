/** A repository in MLC's format: weights in shards, and the texts that go with them. */
import { PaddockError } from '#core/errors';
import { CHAT_CONFIG } from '#core/mlc/chat-config';
import { MLC_TEXTS } from '#core/mlc/folder';
import { TENSOR_LISTS } from '#core/mlc/tensor-list';
import type { HubFile, HubRepo } from './hub-api';

export interface MlcFiles {
  /** In their order. */
  shards: HubFile[];
  texts: HubFile[];
}

/** Null where the repository is not in this format. @throws PaddockError `no_gguf` where a shard is missing */
export function mlcFiles({ id, files }: Pick<HubRepo, 'id' | 'files'>): MlcFiles | null {
  const at = (path: string) => files.find((file) => file.path === path);
  const config = at(CHAT_CONFIG);
  const list = TENSOR_LISTS.map(at).find((file) => file !== undefined);
  if (!config || !list) return null;
  const numbered = files.flatMap((file) => {
    const number = /^params_shard_(\d+)\.bin$/.exec(file.path)?.[1];
    return number === undefined ? [] : [{ file, number: Number(number) }];
  });
  numbered.sort((a, b) => a.number - b.number);
  if (numbered.length === 0 || numbered.some(({ number }, index) => number !== index)) {
    throw new PaddockError('no_gguf', `${id} is in the MLC format and lacks some of its shards.`);
  }
  const texts = [config, list, ...MLC_TEXTS.map(at).filter((file) => file !== undefined)];
  return { shards: numbered.map(({ file }) => file), texts };
}
