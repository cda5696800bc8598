/** The texts of the tokens that begin and end a text: wllama gives their numbers only, and templates write them. */
import { TextList } from '#core/gguf/text-list';
import { readBlobHeader } from '#store/blob-header';

export interface Ends {
  /** Empty where the model has none. */
  bos: string;
  eos: string;
}

const TOKENS = 'tokenizer.ggml.tokens';

/** @param first the file that has the vocabulary. @throws PaddockError `model_unreadable` */
export async function readEnds(first: Blob): Promise<Ends> {
  const { metadata } = await readBlobHeader(first, { keepArray: (key) => key === TOKENS });
  const tokens = metadata.get(TOKENS);
  const textOf = (key: string) => {
    const id = metadata.get(key);
    const known = tokens instanceof TextList && typeof id === 'number' && id < tokens.length;
    return known ? tokens.at(id) : '';
  };
  return {
    bos: textOf('tokenizer.ggml.bos_token_id'),
    eos: textOf('tokenizer.ggml.eos_token_id'),
  };
}
