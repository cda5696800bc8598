/** The vocabulary that the numbered model lacks, read by Paddock's own tokenizer when it is first needed. */
import { PaddockError } from '#core/errors';
import { readBlobHeader } from '#store/blob-header';
import { keepVocabulary, readTokenizer } from '../paddock/tokenizer/read-tokenizer';
import type { Tokenizer } from '../paddock/tokenizer/tokenizer';

interface Known {
  tokenizer: Tokenizer;
  /** Jinja; empty where the file has none. */
  template: string;
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
    return (this.#known ??= this.#read());
  }

  /** Undefined for one that Paddock does not know. */
  async tokenizer(): Promise<Tokenizer | undefined> {
    try {
      return (await this.read()).tokenizer;
    } catch (error) {
      if (error instanceof PaddockError && error.code === 'not_supported') return undefined;
      throw error;
    }
  }

  async #read(): Promise<Known> {
    const header = await readBlobHeader(this.#first, { keepArray: keepVocabulary });
    const tokenizer = readTokenizer(header, this.#rows);
    return { tokenizer, template: header.text('tokenizer.chat_template') };
  }
}
