/** What is left of a prompt that is too long by itself, and of a context that is full. */
import { describe, expect, it } from 'vitest';
import { cutPrompt, tokensLeft } from '../../workers/runner/chat/cut-prompt';
import { dropped } from '../../workers/runner/engines/paddock/generate/limits';

const BOS = 900;
const prompt = (length: number) => Array.from({ length }, (_, at) => at);

// Ollama's own vectors: context, num_keep, what is left.
const VECTORS: [contextLength: number, kept: number, left: number][] = [
  [8, 3, 6],
  [4096, 4, 2050],
  [8, 99, 7],
  [1, 0, 0],
];

describe('a prompt over the context', () => {
  it.each(VECTORS)('of %i with %i to keep is left %i tokens', (contextLength, num_keep, left) => {
    expect(tokensLeft(contextLength, num_keep)).toBe(left);
    expect(cutPrompt(prompt(5000), { num_keep }, contextLength, BOS)).toHaveLength(left);
  });

  it('keeps its head and its end, in their order', () => {
    expect(cutPrompt(prompt(20), { num_keep: 3 }, 8, BOS)).toEqual([0, 1, 2, 17, 18, 19]);
  });

  it('keeps the token that begins a text beside those of num_keep, and none without', () => {
    const begun = [BOS, ...prompt(20)];
    expect(cutPrompt(begun, { num_keep: 3 }, 8, BOS)).toEqual([BOS, 0, 1, 2, 18, 19]);
    expect(cutPrompt(begun, { num_keep: 0 }, 8, BOS)).toEqual([BOS, 17, 18, 19]);
    expect(cutPrompt(begun, { num_keep: 0 }, 8, undefined)).toEqual([16, 17, 18, 19]);
  });

  it('keeps four tokens where nobody says how many', () => {
    expect(cutPrompt(prompt(100), {}, 16, BOS)).toEqual([0, 1, 2, 3, 94, 95, 96, 97, 98, 99]);
  });

  it('keeps what fits of its head where all is to be kept', () => {
    expect(cutPrompt(prompt(20), { num_keep: -1 }, 8, BOS)).toEqual(prompt(7));
  });
});

describe('a full context', () => {
  it.each(VECTORS.slice(0, 3))('of %i with %i to keep is left %i', (context, num_keep, left) => {
    const [from, to] = dropped({ num_keep }, prompt(context), BOS, context);
    expect(context - (to - from)).toBe(left);
    expect(from).toBe(Math.min(num_keep, context - 1));
  });
});
