/** What llama.cpp in WASM tells nobody, its vocabulary: read by Paddock's own tokenizer when it is first needed. */
import { PaddockError } from '#core/errors';
import { readBlobHeader } from '#store/blob-header';
import type { ChatFile } from '../../chat/chat-file';
import { chatFileBy } from '../by-tokenizer';
import { keepVocabulary, readTokenizer } from '../paddock/tokenizer/read-tokenizer';
import type { Tokenizer } from '../paddock/tokenizer/tokenizer';

interface Known {
  tokenizer: Tokenizer;
  file: ChatFile;
}

export class Words {
  readonly #first: Blob;
  readonly #rows: number;
  #known: Promise<Known> | undefined;

  /** @param first the model's file that has the vocabulary; @param rows tokens that the model has */
  constructor(first: Blob, rows: number) {
    this.#first = first;
    this.#rows = rows;
  }

  /** @throws PaddockError `not_supported` for a kind of tokenizer that Paddock does not know */
  read(): Promise<Known> {
    return (this.#known ??= this.#read().catch((error: unknown) => {
      if (!isUnknown(error)) this.#known = undefined; // it may be read the next time
      throw error;
    }));
  }

  /** Undefined for one that Paddock does not know, and for a vocabulary that only llama.cpp takes. */
  async tokenizer(): Promise<Tokenizer | undefined> {
    try {
      return (await this.read()).tokenizer;
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  async #read(): Promise<Known> {
    const header = await readBlobHeader(this.#first, { keepArray: keepVocabulary });
    const tokenizer = readTokenizer(header, this.#rows);
    return { tokenizer, file: chatFileBy(tokenizer, header) };
  }
}

function isUnknown(error: unknown): boolean {
  if (!(error instanceof PaddockError)) return false;
  return error.code === 'not_supported' || error.code === 'model_unreadable';
}
