/** The merges of a byte-pair encoding by their two ids. */
import { quote } from '#core/gguf/metadata';
import type { TextList } from '#core/gguf/text-list';
import { badVocabulary } from './faults';
import type { Merges } from './merge';
import type { TokenTable } from './token-table';

const KEY = 'tokenizer.ggml.merges';
const BLANK = 0x20;

/**
 * An open hash table in typed arrays: the 280,000 merges of Llama 3 take 7.5 MB and leave no garbage. A merge's
 * number is its rank.
 */
export class PairTable implements Merges {
  /** Numbers of merges, from 1; 0 is a free place. */
  readonly #places: Int32Array;
  readonly #mask: number;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #joined: Int32Array;

  /**
   * @param merges "left right" each, the first rank first
   * @throws PaddockError `model_unreadable` for a merge of tokens that the vocabulary lacks
   */
  constructor(merges: TextList, tokens: TokenTable) {
    const size = 2 ** Math.ceil(Math.log2(merges.length * 2 + 2));
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
    this.#left = new Int32Array(merges.length);
    this.#right = new Int32Array(merges.length);
    this.#joined = new Int32Array(merges.length);
    const letters = new Uint8Array(longest(merges));
    for (let rank = 0; rank < merges.length; rank++) this.#read(rank, merges, tokens, letters);
  }

  find(left: number, right: number): number {
    return this.#places[this.#place(left, right)]! - 1;
  }

  rank(found: number): number {
    return found;
  }

  joined(found: number): number {
    return this.#joined[found]!;
  }

  /** @param letters room for a merge's bytes without the blank: those of its two tokens, and of the joined one */
  #read(rank: number, merges: TextList, tokens: TokenTable, letters: Uint8Array): void {
    const { bytes, starts } = merges;
    const start = starts[rank]!;
    const end = merges.end(rank);
    let middle = -1;
    let length = 0;
    for (let at = start; at < end; at++) {
      // From the second byte: a token may begin with a blank, and none is empty.
      if (bytes[at] === BLANK && middle < 0 && at > start) middle = length;
      else letters[length++] = bytes[at]!;
    }
    const left = middle < 0 ? -1 : tokens.find(letters, 0, middle);
    const right = middle < 0 ? -1 : tokens.find(letters, middle, length);
    const next = rank > 0 ? this.#joined[rank - 1]! + 1 : 0; // most vocabularies have the joined tokens in order
    const joined = tokens.is(next, letters, 0, length) ? next : tokens.find(letters, 0, length);
    if (left < 0 || right < 0 || joined < 0) {
      throw badVocabulary(KEY, `merges ${quote(merges.at(rank))}, which are not in the vocabulary`);
    }
    this.#add(rank, left, right, joined);
  }

  #add(rank: number, left: number, right: number, joined: number): void {
    const place = this.#place(left, right);
    if (this.#places[place] !== 0) return; // The same pair again: the first rank counts.
    this.#places[place] = rank + 1;
    this.#left[rank] = left;
    this.#right[rank] = right;
    this.#joined[rank] = joined;
  }

  /** Where a pair is, or the free place where it would be. At most half of the places are taken. */
  #place(left: number, right: number): number {
    // Odd constants with well mixed bits (of the golden ratio and of π) spread consecutive ids.
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
    let place = (mixed ^ (mixed >>> 15)) & this.#mask;
    for (;;) {
      const rank = this.#places[place]! - 1;
      if (rank < 0 || (this.#left[rank] === left && this.#right[rank] === right)) return place;
      place = (place + 1) & this.#mask;
    }
  }
}

/** Bytes of the longest text. */
function longest(texts: TextList): number {
  let most = 0;
  for (let index = 0; index < texts.length; index++) {
    most = Math.max(most, texts.end(index) - texts.starts[index]!);
  }
  return most;
}
