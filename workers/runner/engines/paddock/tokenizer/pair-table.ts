/** The merges of a byte-pair encoding by their two ids. */
import { quote } from '#core/gguf/metadata';
import { badVocabulary } from './faults';
import type { Merges } from './merge';

const KEY = 'tokenizer.ggml.merges';

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
  constructor(merges: readonly string[], ids: ReadonlyMap<string, number>) {
    const size = 2 ** Math.ceil(Math.log2(merges.length * 2 + 2));
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
    this.#left = new Int32Array(merges.length);
    this.#right = new Int32Array(merges.length);
    this.#joined = new Int32Array(merges.length);
    for (let rank = 0; rank < merges.length; rank++) this.#add(rank, merges[rank]!, ids);
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

  #add(rank: number, merge: string, ids: ReadonlyMap<string, number>): void {
    // From the second letter: a token may begin with a blank, and none is empty.
    const blank = merge.indexOf(' ', 1);
    const left = ids.get(merge.slice(0, blank));
    const right = ids.get(merge.slice(blank + 1));
    const joined = ids.get(merge.slice(0, blank) + merge.slice(blank + 1));
    if (blank < 0 || left === undefined || right === undefined || joined === undefined) {
      throw badVocabulary(KEY, `merges ${quote(merge)}, which are not in the vocabulary`);
    }
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
