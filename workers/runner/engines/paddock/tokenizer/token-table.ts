/** The tokens' texts and their ids, by the texts' bytes as the file has them. */
import { quote } from '#core/gguf/metadata';
import { TEXT_PREFIX, type TextList } from '#core/gguf/text-list';
import { badVocabulary } from './faults';

/** FNV-1a's prime for 32 bits. */
const PRIME = 0x01000193;

/**
 * An open hash table over the file's bytes: to decode the starter's 98,000 texts, fill a Map and look the merges up
 * in it took 90 ms in Node, this 45. Empty texts, of ids that a model does not use, have no entry.
 */
export class TokenTable {
  readonly #texts: TextList;
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;
  /** Ids from 1; 0 is a free place. */
  readonly #places: Int32Array;
  readonly #mask: number;
  /** No file can be made so that its texts meet in one place. */
  readonly #seed = (Math.random() * 2 ** 32) | 0;
  readonly #read = new Map<number, string>();
  readonly #encoder = new TextEncoder();

  /**
   * @param key of the list, for messages
   * @throws PaddockError `model_unreadable` where a text is there twice
   */
  constructor(texts: TextList, key: string) {
    const size = 2 ** Math.ceil(Math.log2(texts.length * 2 + 2));
    this.#texts = texts;
    this.#bytes = texts.bytes;
    this.#starts = texts.starts;
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
    const { bytes, starts, length } = texts;
    for (let id = 0; id < length; id++) {
      const start = starts[id]!;
      const end = texts.end(id);
      if (start === end) continue;
      const place = this.#place(bytes, start, end);
      if (this.#places[place] !== 0) throw badVocabulary(key, `has ${quote(texts.at(id))} twice`);
      this.#places[place] = id + 1;
    }
  }

  get length(): number {
    return this.#texts.length;
  }

  /** Empty for an id that is no token's. */
  text(id: number): string {
    if (!(id >= 0 && id < this.length)) return '';
    let text = this.#read.get(id);
    if (text === undefined) this.#read.set(id, (text = this.#texts.at(id)));
    return text;
  }

  id(text: string): number | undefined {
    const bytes = this.#encoder.encode(text);
    const id = this.find(bytes, 0, bytes.length);
    return id < 0 ? undefined : id;
  }

  /** The id of a text's bytes; -1 where no token has them. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return start === end ? -1 : this.#places[this.#place(bytes, start, end)]! - 1;
  }

  /** Whether a token's text has these bytes. */
  is(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes;
    const starts = this.#starts;
    let at = starts[id]!;
    // Also where there is no such token: undefined is no length.
    if (starts[id + 1]! - TEXT_PREFIX - at !== end - start) return false;
    for (; start < end; start++) if (own[at++] !== bytes[start]) return false;
    return true;
  }

  /** Where a text is, or the free place where it would be. At most half of the places are taken. */
  #place(bytes: Uint8Array, start: number, end: number): number {
    const places = this.#places;
    const mask = this.#mask;
    let hash = this.#seed;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, PRIME);
    let place = (hash ^ (hash >>> 15)) & mask;
    for (let id = places[place]! - 1; id >= 0; id = places[place]! - 1) {
      if (this.is(id, bytes, start, end)) break;
      place = (place + 1) & mask;
    }
    return place;
  }
}
