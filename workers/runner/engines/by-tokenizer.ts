/** What chats ask of a GGUF file whose tokenizer is Paddock's own, whichever engine runs the model. */
import type { GgufHeader } from '#core/gguf';
import { chatFileOf, type ChatFile } from '../chat/chat-file';
import type { GgufModel } from '../chat/gguf-model';
import type { Tokenizer } from './paddock/tokenizer/tokenizer';

/** Special tokens are read by their names in both: llama.cpp reads prompts so, and counts must agree with it. */
export function readingBy(tokenizer: Tokenizer): Pick<GgufModel, 'read' | 'encode'> {
  return {
    async read(text) {
      const tokens = tokenizer.encode(text, { addSpecial: true, parseSpecial: true });
      return { text, tokens, length: tokens.length };
    },
    async encode(text) {
      return tokenizer.encode(text, { addSpecial: false, parseSpecial: true });
    },
  };
}

/** @param header of the same file */
export function chatFileBy(tokenizer: Tokenizer, header: GgufHeader): ChatFile {
  const { bos, eos, vocabulary: size } = tokenizer;
  const tokensOf = (text: string, addSpecial: boolean) =>
    tokenizer.encode(text, { addSpecial, parseSpecial: true });
  return chatFileOf(header, {
    ...{ bos, eos, size },
    addsBos: bos !== undefined && tokensOf('', true)[0] === bos,
    name: (token) => tokenizer.name(token),
    has: (text) => tokensOf(text, false).length === 1,
  });
}
