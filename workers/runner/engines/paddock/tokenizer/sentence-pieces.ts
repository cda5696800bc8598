/** SentencePiece with scores and bytes for what no piece has ("llama" in GGUF: Llama 2, Mistral, TinyLlama). */
import type { GgufHeader } from '#core/gguf';
import { quote } from '#core/gguf/metadata';
import { badVocabulary } from './faults';
import { mergeSymbols, type Merges } from './merge';
import type { Model } from './model';
import { flagOf, readScores, TokenType, type Vocabulary } from './vocabulary';

const BYTE_NAME = /^<0x[0-9A-Fa-f]{2}>$/;
/** SentencePiece's letter for a blank, U+2581. */
const BLANK = '▁';

/**
 * GGUF has no merges for it: two neighbours merge where their joined text is a piece, the highest score first.
 * @throws PaddockError `model_unreadable`
 */
export function sentencePieces({ metadata }: GgufHeader, vocabulary: Vocabulary): Model {
  const { tokens } = vocabulary;
  const ranks = ranksOf(readScores(metadata, tokens.length));
  // A letter that is no piece is a symbol below zero: it may still be part of one.
  const spelling = (symbol: number) =>
    symbol < 0 ? String.fromCodePoint(-1 - symbol) : tokens.text(symbol);
  const merges: Merges = {
    find: (left, right) => tokens.id(spelling(left) + spelling(right)) ?? -1,
    rank: (piece) => ranks[piece]!,
    joined: (piece) => piece,
  };
  const byteIds = readByteIds(vocabulary);
  const addPrefix = flagOf(metadata, 'add_space_prefix') ?? true;
  return {
    addBos: true,
    encode(text, afterSpecial, into) {
      const prefix = addPrefix && afterSpecial ? BLANK : '';
      const letters = Array.from(prefix + text.toWellFormed().replaceAll(' ', BLANK));
      const symbols = Int32Array.from(
        letters,
        (letter) => tokens.id(letter) ?? -1 - letter.codePointAt(0)!,
      );
      for (const symbol of mergeSymbols(symbols, merges)) {
        if (symbol >= 0) into.push(symbol);
        else pushBytes(spelling(symbol), byteIds, into);
      }
    },
    bytes: (spelt) => new TextEncoder().encode(spelt.replaceAll(BLANK, ' ')),
  };
}

/** Scores as whole numbers, the highest score 0, equal scores equal. */
function ranksOf(scores: readonly number[]): Int32Array {
  const order = Float64Array.from(new Set(scores)).sort().reverse();
  const places = new Map(Array.from(order, (score, rank) => [score, rank]));
  return Int32Array.from(scores, (score) => places.get(score)!);
}

/** The tokens `<0x00>` to `<0xFF>`; -1 where there is none. */
function readByteIds({ tokens, types }: Vocabulary): Int32Array {
  const byteIds = new Int32Array(256).fill(-1);
  types.forEach((type, id) => {
    if (type !== TokenType.byte) return;
    const token = tokens.text(id);
    if (!BYTE_NAME.test(token)) {
      throw badVocabulary('tokenizer.ggml.token_type', `has ${quote(token)} for a byte`);
    }
    byteIds[byteOf(token)] = id;
  });
  return byteIds.map((id, byte) => (id >= 0 ? id : (tokens.id(String.fromCharCode(byte)) ?? -1)));
}

function pushBytes(letter: string, byteIds: Int32Array, into: number[]): void {
  for (const byte of new TextEncoder().encode(letter)) {
    if (byteIds[byte]! >= 0) into.push(byteIds[byte]!);
  }
}

/** The byte that `<0x0A>` names. */
export function byteOf(token: string): number {
  return Number.parseInt(token.slice(3, 5), 16);
}
