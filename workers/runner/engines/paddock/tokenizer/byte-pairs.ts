/** Byte-level byte-pair encoding ("gpt2" in GGUF). */
import type { GgufHeader } from '#core/gguf';
import { BYTE_LETTERS, bytesOfLetters } from './byte-letters';
import type { Model } from './model';
import { mergeSymbols } from './merge';
import { PairTable } from './pair-table';
import { splittingOf, splitWords, type Splitting } from './split-patterns';
import { readMerges, type Vocabulary } from './vocabulary';

/** Words; a text's words repeat, and most are known after a few prompts. */
const CACHE_WORDS = 20_000;
/** Letters; longer "words" are rarely seen twice. */
const CACHE_LETTERS = 40;

/** @throws PaddockError `not_supported` for a way to cut words that is not known */
export function checkSplitting(header: GgufHeader): Splitting {
  return splittingOf(header.text('tokenizer.ggml.pre'));
}

/**
 * An own encoder, because @huggingface/tokenizers took 77-168 ms to build the starter's 48,900 merges (aim for
 * everything: 60), and llama.cpp's way with special tokens and cuts is not its own.
 * @throws PaddockError `model_unreadable`, `not_supported`
 */
export function bytePairs(header: GgufHeader, vocabulary: Vocabulary): Model {
  const { tokens } = vocabulary;
  const splitting = checkSplitting(header);
  const merges = new PairTable(readMerges(header.metadata), tokens);
  // A byte that no text has (0xc0) may lack its token; llama.cpp drops it too.
  const byteIds = Int32Array.from(BYTE_LETTERS, (letter) => tokens.id(letter) ?? -1);
  const encoder = new TextEncoder();
  const cache = new Map<string, readonly number[]>();

  const encodeWord = (word: string): readonly number[] => {
    const bytes = encoder.encode(word);
    if (splitting.wholeWords) {
      const whole = tokens.id(Array.from(bytes, (byte) => BYTE_LETTERS[byte]).join(''));
      if (whole !== undefined) return [whole];
    }
    const symbols = Int32Array.from(bytes, (byte) => byteIds[byte]!);
    return mergeSymbols(symbols, merges).filter((id) => id >= 0);
  };
  const cached = (word: string): readonly number[] => {
    if (word.length > CACHE_LETTERS) return encodeWord(word);
    let encoded = cache.get(word);
    if (!encoded) {
      if (cache.size >= CACHE_WORDS) cache.clear();
      encoded = encodeWord(word);
      cache.set(word, encoded);
    }
    return encoded;
  };
  return {
    addBos: splitting.addBos,
    encode(text, _afterSpecial, into) {
      for (const word of splitWords(text, splitting.patterns)) {
        for (const token of cached(word)) into.push(token);
      }
    },
    bytes: bytesOfLetters,
  };
}
