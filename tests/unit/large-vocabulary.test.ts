/** Masks over a vocabulary of Qwen's size: what each token's bytes say, one by one. */
import { describe, expect, it } from 'vitest';
import type { Format } from '#core/engine';
import { formatGrammar } from '#core/grammar/format-grammar';
import { Machine, NONE } from '../../workers/runner/grammar/machine';
import { TokenTree } from '../../workers/runner/grammar/token-tree';
import { LARGE, largeVocabulary } from '../fixtures/large-vocabulary';

const VOCABULARY = largeVocabulary();
const TREE = new TokenTree(VOCABULARY);

/** Where `text` leads to; NONE where it is not allowed. */
function after(machine: Machine, from: number, bytes: Uint8Array): number {
  let state = from;
  for (let at = 0; at < bytes.length && state !== NONE; at++) {
    machine.rest();
    state = machine.step(state, bytes[at]!);
  }
  return state;
}

const PLACES: [text: string, format: Format][] = [
  ['', 'json'],
  ['"', { type: 'string' }],
  ['"ab', { type: 'string', maxLength: 7 }],
  ['"日', { type: 'string', pattern: '^[一-鿿]{1,3}[a-f]*$' }],
  ['{"na', { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }],
  ['12', { type: 'integer', maximum: 1299 }],
];

describe('of 151,936 tokens', () => {
  it('has pieces of characters, and tokens that no text has', () => {
    expect(TREE.vocabulary).toBe(LARGE);
    const decoder = new TextDecoder();
    const all = Array.from({ length: LARGE }, (_, token) => VOCABULARY.bytes(token));
    expect(all.filter((bytes) => bytes.length === 0)).toHaveLength(293);
    const cut = all.filter((bytes) => decoder.decode(bytes).endsWith('\ufffd'));
    expect(cut.length).toBeGreaterThan(1000);
  });

  it.each(PLACES)('those are allowed behind %j whose bytes are', (text, format) => {
    const machine = new Machine(formatGrammar(format));
    const state = after(machine, machine.start, new TextEncoder().encode(text));
    const mask = TREE.allowed(machine, state);
    const wrong: number[] = [];
    let allowed = 0;
    for (let token = 0; token < LARGE; token++) {
      const bytes = VOCABULARY.bytes(token);
      const ends = VOCABULARY.ends.has(token);
      const may = ends
        ? machine.ends(state)
        : bytes.length > 0 && after(machine, state, bytes) !== NONE;
      const does = ((mask[token >>> 5]! >>> (token & 31)) & 1) === 1;
      if (may !== does) wrong.push(token);
      if (does) allowed++;
    }
    expect(wrong).toEqual([]);
    expect(allowed).toBeGreaterThan(0);
  });
});
