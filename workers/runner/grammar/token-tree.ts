/** A vocabulary's tokens by their bytes, so that those that begin alike are looked at once. */
import type { Machine, State } from './machine';

/** What a grammar needs of a tokenizer. */
export interface TokenBytes {
  readonly vocabulary: number;
  /** They end a text, and are none. */
  readonly ends: ReadonlySet<number>;
  /** None for a control token. */
  bytes(token: number): Uint8Array;
}

export class TokenTree {
  readonly vocabulary: number;
  readonly ends: ReadonlySet<number>;
  /** The nodes, each before those below it: depth from 1, byte, and the first node behind all below it. */
  readonly #depths: Uint16Array;
  readonly #bytes: Uint8Array;
  readonly #behind: Int32Array;
  /** The token that ends at a node, or -1; and another of the same bytes. */
  readonly #tokens: Int32Array;
  readonly #alike: Int32Array;
  readonly #deepest: number;

  constructor(tokenizer: TokenBytes) {
    const { vocabulary, ends } = tokenizer;
    this.vocabulary = vocabulary;
    this.ends = ends;
    const words: { id: number; word: string }[] = [];
    for (let id = 0; id < vocabulary; id++) {
      const bytes = ends.has(id) ? undefined : tokenizer.bytes(id);
      // A letter a byte: their order is the bytes'.
      if (bytes && bytes.length > 0) words.push({ id, word: String.fromCharCode(...bytes) });
    }
    words.sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : a.id - b.id));
    const total = words.reduce((sum, { word }) => sum + word.length, 0);
    const [depths, bytes] = [new Uint16Array(total), new Uint8Array(total)];
    const tokens = new Int32Array(total).fill(-1);
    this.#alike = new Int32Array(vocabulary).fill(-1);
    let count = 0;
    let last = '';
    let deepest = 0;
    for (const { id, word } of words) {
      let at = 0;
      while (at < last.length && last[at] === word[at]) at++;
      for (; at < word.length; at++) {
        depths[count] = at + 1;
        bytes[count++] = word.charCodeAt(at);
      }
      if (word === last) this.#alike[id] = tokens[count - 1]!;
      tokens[count - 1] = id;
      last = word;
      deepest = Math.max(deepest, word.length);
    }
    this.#depths = depths.slice(0, count);
    this.#bytes = bytes.slice(0, count);
    this.#tokens = tokens.slice(0, count);
    this.#behind = behindEach(this.#depths, deepest);
    this.#deepest = deepest;
  }

  /** A bit for each token that may come next, from the lowest bit of the first word; those that end a text by `ends`. */
  allowed(machine: Machine, state: State, ends: boolean): Uint32Array<ArrayBuffer> {
    machine.rest();
    const mask = new Uint32Array(Math.ceil(this.vocabulary / 32));
    const allow = (token: number) => (mask[token >>> 5]! |= 1 << (token & 31));
    const states: State[] = new Array<State>(this.#deepest + 1);
    states[0] = state;
    const [depths, bytes, tokens] = [this.#depths, this.#bytes, this.#tokens];
    for (let node = 0; node < depths.length;) {
      const depth = depths[node]!;
      const next = machine.step(states[depth - 1]!, bytes[node]!);
      if (!next) {
        node = this.#behind[node]!;
        continue;
      }
      states[depth] = next;
      for (let token = tokens[node]!; token >= 0; token = this.#alike[token]!) allow(token);
      node++;
    }
    if (ends) for (const token of this.ends) allow(token);
    return mask;
  }
}

/** The first node behind all that are below each. */
function behindEach(depths: Uint16Array, deepest: number): Int32Array {
  const behind = new Int32Array(depths.length);
  /** By depth: the first node from here on that is not deeper. */
  const next = new Int32Array(deepest + 2).fill(depths.length);
  for (let node = depths.length - 1; node >= 0; node--) {
    const depth = depths[node]!;
    let first = depths.length;
    for (let up = 1; up <= depth; up++) first = Math.min(first, next[up]!);
    behind[node] = first;
    next[depth] = node;
  }
  return behind;
}
