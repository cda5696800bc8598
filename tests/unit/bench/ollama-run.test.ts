/** Ollama's run in Ollama's names: each rate is the count beside it by the duration beside it. */
import { describe, expect, it } from 'vitest';
import { ollamaFigures } from '#core/bench/ollama-run';
import { candidateResult, writeSample } from '../../fixtures/bench/results';

const [LOAD] = candidateResult().loads;

describe('Ollama’s figures', () => {
  // 33 tokens in half a second; 91 come from there on at 30 a second, and the end is 3.5 seconds after the call.
  const chat = {
    ...{ promptTokens: 33, firstTokenMs: 500, tokens: 91 },
    ...{ laterTokens: 89, laterMs: 2933, endMs: 3500 },
  };

  it('are the load’s, the prompt’s and the reply’s, which make the total', () => {
    expect(ollamaFigures(writeSample(chat), LOAD!)).toEqual({
      total_duration: 4400, // 900 + 500 + 3,000
      load_duration: 900,
      prompt_eval_count: 33,
      prompt_eval_duration: 500,
      prompt_eval_rate: 66, // 33 in half a second
      eval_count: 91,
      eval_duration: 3000, // 3,500 - 500
      eval_rate: expect.closeTo(30.3333, 4) as number, // 91 in 3 s
    });
    expect(ollamaFigures(writeSample(chat), null)).toMatchObject({
      total_duration: 3500,
      load_duration: null,
    });
  });

  it.each([
    ['whose end was seen', chat],
    ['whose end was not seen', { ...chat, endMs: undefined }],
    ['with a prompt partly from a cache', { ...chat, cachedTokens: 13 }],
    [
      'cut at its limit',
      { ...chat, tokens: 512, laterTokens: 510, laterMs: 25_500, endMs: 26_100 },
    ],
  ])('agree with each other, of a reply %s', (_what, change) => {
    const found = ollamaFigures(writeSample(change), LOAD!);
    const rate = (count: number, ms: number) => expect.closeTo((1e3 * count) / ms, 9) as number;
    expect(found).toMatchObject({
      prompt_eval_rate: rate(found.prompt_eval_count, found.prompt_eval_duration),
      eval_rate: rate(found.eval_count, found.eval_duration),
      total_duration: found.load_duration! + found.prompt_eval_duration + found.eval_duration,
    });
  });

  it('of a sample without its end are of what was timed', () => {
    const earlier = writeSample({ ...chat, endMs: undefined });
    expect(ollamaFigures(earlier, LOAD!)).toMatchObject({
      total_duration: 4333, // 900 + 500 + 2,933
      eval_count: 89,
      eval_duration: 2933,
      eval_rate: expect.closeTo(30.3444, 4) as number,
    });
  });

  it('of one token have no rate', () => {
    const one = { tokens: 1, laterTokens: 0, laterMs: 0, endMs: 500.1 };
    expect(ollamaFigures(writeSample({ ...chat, ...one }), LOAD!).eval_rate).toBeNull();
  });
});
