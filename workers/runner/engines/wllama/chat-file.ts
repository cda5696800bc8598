/** What a file says of chats: of its tokens wllama gives the numbers only, and templates write their texts. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import { TextList } from '#core/gguf/text-list';
import { readBlobHeader } from '#store/blob-header';
import { chatFileOf, type ChatFile } from '../../chat/chat-file';

const TOKENS = 'tokenizer.ggml.tokens';

/** @param first the file that has the vocabulary. @throws PaddockError `model_unreadable` */
export async function readChatFile(
  first: Blob,
  wllama: Pick<Wllama, 'getBOS' | 'getEOS' | 'mustAddBosToken'>,
): Promise<ChatFile> {
  const header = await readBlobHeader(first, { keepArray: (key) => key === TOKENS });
  const list = header.metadata.get(TOKENS);
  const tokens = list instanceof TextList ? list : undefined;
  const size = tokens?.length ?? 0;
  const known = (token: number) => (token >= 0 && token < size ? token : undefined);
  return chatFileOf(header, {
    ...{ size, bos: known(wllama.getBOS()), eos: known(wllama.getEOS()) },
    addsBos: wllama.mustAddBosToken(),
    name: (token) => tokens?.at(token) ?? '',
    has: (text) => tokens?.values.includes(text) ?? false,
  });
}
