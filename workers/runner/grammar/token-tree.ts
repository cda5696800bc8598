/** A vocabulary's tokens by their bytes, so that those that begin alike are looked at once. */
import { NONE, UNKNOWN, type Machine } from './machine';

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
  /** The token that ends at a node, or -1. */
  readonly #tokens: Int32Array;
  /** Tokens with the bytes of another, and that one. */
  readonly #alike: [token: number, other: number][] = [];
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
      if (word === last) this.#alike.push([id, tokens[count - 1]!]);
      else tokens[count - 1] = id;
      last = word;
      deepest = Math.max(deepest, word.length);
    }
    this.#depths = depths.slice(0, count);
    this.#bytes = bytes.slice(0, count);
    this.#tokens = tokens.slice(0, count);
    this.#behind = behindEach(this.#depths, deepest);
    this.#deepest = deepest;
  }

  /**
   * A bit for each token that may come next, from the lowest bit of the first word; those that end a text where it may.
   * Some 400,000 nodes of a large vocabulary are read for a text that is free, so nothing is called or made for one.
   * @throws PaddockError `bad_request` for a grammar that can be read in too many ways
   */
  allowed(machine: Machine, state: number): Uint32Array<ArrayBuffer> {
    machine.rest();
    const mask = new Uint32Array(Math.ceil(this.vocabulary / 32));
    const states = new Int32Array(this.#deepest + 1);
    states[0] = state;
    const [depths, bytes, tokens, behind] = [this.#depths, this.#bytes, this.#tokens, this.#behind];
    const { classes, shift } = machine;
    let { steps } = machine;
    for (let node = 0; node < depths.length;) {
      const depth = depths[node]!;
      const from = states[depth - 1]!;
      const byte = bytes[node]!;
      let to = steps[(from << shift) | classes[byte]!]!;
      if (to === UNKNOWN) {
        to = machine.step(from, byte);
        steps = machine.steps;
      }
      if (to === NONE) {
        node = behind[node]!;
        continue;
      }
      states[depth] = to;
      const token = tokens[node]!;
      if (token >= 0) mask[token >>> 5]! |= 1 << (token & 31);
      node++;
    }
    for (const [token, other] of this.#alike) {
      if ((mask[other >>> 5]! >>> (other & 31)) & 1) mask[token >>> 5]! |= 1 << (token & 31);
    }
    if (machine.ends(state)) for (const end of this.ends) mask[end >>> 5]! |= 1 << (end & 31);
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
