/** Makes the tokenizer that a GGUF file describes. */
import { PaddockError } from '#core/errors';
import type { GgufHeader } from '#core/gguf';
import { quote } from '#core/gguf/metadata';
import type { PaddockTokenizer } from '#core/paddock-limits';
import { bytePairs, checkSplitting } from './byte-pairs';
import type { Model } from './model';
import { byteOf, sentencePieces } from './sentence-pieces';
import { SpecialTokens } from './special-tokens';
import type { EncodeOptions, Tokenizer } from './tokenizer';
import { checkRows, readVocabulary, TokenType, type Specials, type Vocabulary } from './vocabulary';

interface Kind {
  make(header: GgufHeader, vocabulary: Vocabulary): Model;
  /** Ids of files that do not name them. */
  specials: Specials;
  /** @throws PaddockError `not_supported` for what the header says without its lists */
  check?(header: GgufHeader): void;
}

const KINDS = new Map<string, Kind>(
  Object.entries<Kind>({
    gpt2: { make: bytePairs, specials: {}, check: checkSplitting },
    // SentencePiece's own order, 0 for the unknown one: llama.cpp takes them so too.
    llama: { make: sentencePieces, specials: { bos: 1, eos: 2 } },
  } satisfies Record<PaddockTokenizer, Kind>),
);

/**
 * Says what the header tells without its lists, long before they are read.
 * @throws PaddockError `not_supported` for an unknown kind of tokenizer, naming the key
 */
export function checkTokenizer(header: GgufHeader): void {
  kindOf(header).check?.(header);
}

/**
 * @param header read with `keepArray: keepVocabulary`
 * @param rows of `token_embd.weight`
 * @throws PaddockError `model_unreadable` for a faulty vocabulary, `not_supported` for an unknown kind, each
 * naming the key
 */
export function readTokenizer(header: GgufHeader, rows: number): Tokenizer {
  const { make, specials } = kindOf(header);
  const vocabulary = readVocabulary(header.metadata, specials);
  checkRows(vocabulary.tokens.length, rows);
  return new GgufTokenizer(vocabulary, make(header, vocabulary));
}

function kindOf(header: GgufHeader): Kind {
  const name = header.text('tokenizer.ggml.model');
  const kind = KINDS.get(name);
  if (kind) return kind;
  throw new PaddockError(
    'not_supported',
    `This engine does not know the model's tokenizer: tokenizer.ggml.model is ${quote(name)}.`,
    { key: 'tokenizer.ggml.model', value: name },
  );
}

const NONE = new Uint8Array();

class GgufTokenizer implements Tokenizer {
  readonly #vocabulary: Vocabulary;
  readonly #model: Model;
  readonly #specials: SpecialTokens;

  constructor(vocabulary: Vocabulary, model: Model) {
    this.#vocabulary = vocabulary;
    this.#model = model;
    this.#specials = new SpecialTokens(vocabulary);
  }

  get vocabulary(): number {
    return this.#vocabulary.tokens.length;
  }

  get ends(): ReadonlySet<number> {
    return this.#vocabulary.ends;
  }

  get bos(): number | undefined {
    return this.#vocabulary.bos;
  }

  get eos(): number | undefined {
    return this.#vocabulary.eos;
  }

  encode(text: string, { addSpecial, parseSpecial }: EncodeOptions): number[] {
    const { bos, eos, addBos = this.#model.addBos, addEos } = this.#vocabulary;
    const tokens: number[] = [];
    if (addSpecial && addBos && bos !== undefined) tokens.push(bos);
    let afterSpecial = true;
    for (const part of this.#specials.split(text, parseSpecial)) {
      if (typeof part === 'number') tokens.push(part);
      else this.#model.encode(part, afterSpecial, tokens);
      afterSpecial = typeof part === 'number';
    }
    if (addSpecial && addEos && eos !== undefined) tokens.push(eos);
    return tokens;
  }

  bytes(token: number): Uint8Array {
    const name = this.name(token);
    switch (this.#vocabulary.types[token]) {
      case TokenType.normal:
        return this.#model.bytes(name);
      case TokenType.byte:
        return Uint8Array.of(byteOf(name));
      case TokenType.user:
        return new TextEncoder().encode(name);
      default:
        return NONE;
    }
  }

  name(token: number): string {
    return this.#vocabulary.tokens.text(token);
  }
}

export { keepVocabulary } from './vocabulary';
