/** Prompts drawn from a text, and the texts. */
import { describe, expect, it } from 'vitest';
import { PromptDraw } from '#core/bench/draw';
import { AGREEMENT_PROMPT, DRAW_TEXT } from '#core/bench/prompts';

const TEXT = [5, 6, 7, 5, 8];

describe('a draw', () => {
  it('has just so many tokens, all of them of the text', () => {
    const draw = new PromptDraw(TEXT, 1);
    for (const count of [1, 2, 512]) {
      const prompt = draw.draw(count);
      expect(prompt).toHaveLength(count);
      expect(prompt.filter((token) => !TEXT.includes(token))).toEqual([]);
    }
  });

  it('can be repeated by its seed, and is another by another', () => {
    const prompts = (seed: number) => {
      const draw = new PromptDraw(TEXT, seed);
      return [draw.draw(40), draw.draw(40)];
    };
    expect(prompts(7)).toEqual(prompts(7));
    expect(prompts(7)).not.toEqual(prompts(8));
    expect(prompts(7)[0]).not.toEqual(prompts(7)[1]);
  });

  it('begins with another token each time, while the text has one', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const draw = new PromptDraw(TEXT, seed);
      const first = Array.from({ length: 4 }, () => draw.draw(3)[0]!);
      expect(first.sort()).toEqual([5, 6, 7, 8]);
      expect(TEXT).toContain(draw.draw(3)[0]);
    }
  });

  it('takes frequent tokens more often', () => {
    const drawn = new PromptDraw(TEXT, 11).draw(10_000);
    // Two of five: 4,000, give or take five standard deviations of 49.
    expect(Math.abs(drawn.filter((token) => token === 5).length - 4000)).toBeLessThan(245);
  });
});

it('the text to draw from has many words, and plain letters only', () => {
  const words = DRAW_TEXT.toLowerCase().match(/[a-z]+/g)!;
  expect(new Set(words).size).toBeGreaterThan(500);
  expect(DRAW_TEXT + AGREEMENT_PROMPT).toMatch(/^[\n\x20-\x7e]+$/);
  expect(DRAW_TEXT).not.toMatch(/<|\[/); // nothing that a tokenizer could take for one of its own
  expect(AGREEMENT_PROMPT).not.toMatch(/\s$/);
});
