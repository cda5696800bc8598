import { describe, expect, it } from 'vitest';
import type { SamplingOptions } from '#core/engine';
import { Sampler } from '../../workers/runner/engines/paddock/sampler/sampler';
import { samplerSettings } from '../../workers/runner/engines/paddock/sampler/settings';

const LOGITS = [0, 2, 1.9, -1, 1.8, 0.5];

function samplerOf(options: SamplingOptions, contextLength = 8): Sampler {
  return new Sampler(samplerSettings(options), LOGITS.length, contextLength);
}

/** `count` draws from the same logits. */
function drawn(options: SamplingOptions, count = 200, logits = LOGITS): number[] {
  const sampler = samplerOf({ seed: 1, ...options });
  return Array.from({ length: count }, () => sampler.choose(Float32Array.from(logits)).token);
}

function distinct(tokens: number[]): number[] {
  return [...new Set(tokens)].sort((a, b) => a - b);
}

/** Nothing but the temperature. */
const PLAIN = { temperature: 1, top_k: 0, top_p: 1 };

describe('the sampler', () => {
  it('repeats with a seed, and differs with another or none', () => {
    expect(drawn({ seed: 7 })).toEqual(drawn({ seed: 7 }));
    expect(drawn({ seed: 7 })).not.toEqual(drawn({ seed: 8 }));
    expect(drawn({ seed: -1 })).not.toEqual(drawn({ seed: -1 }));
  });

  it('is greedy at temperature 0, after bias and penalties', () => {
    expect(distinct(drawn({ temperature: 0 }))).toEqual([1]);
    expect(distinct(drawn({ temperature: 0, logit_bias: { 4: 0.5 } }))).toEqual([4]);
    const sampler = samplerOf({ temperature: 0, repeat_penalty: 1.1 });
    sampler.accept(1);
    expect(sampler.choose(Float32Array.from(LOGITS)).token).toBe(2);
  });

  it('narrows the draw with top_k, top_p, min_p and typical_p', () => {
    expect(distinct(drawn(PLAIN, 2000))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(distinct(drawn({ ...PLAIN, top_k: 2 }))).toEqual([1, 2]);
    // Probabilities: 0.043, 0.319, 0.289, 0.016, 0.261, 0.071. The expected surprise is 1.46; 4 and 2 have 1.34 and 1.24.
    expect(distinct(drawn({ ...PLAIN, top_p: 0.5 }))).toEqual([1, 2]);
    expect(distinct(drawn({ ...PLAIN, min_p: 0.8 }))).toEqual([1, 2, 4]);
    expect(distinct(drawn({ ...PLAIN, typical_p: 0.25 }))).toEqual([4]);
    expect(distinct(drawn({ ...PLAIN, typical_p: 0.5 }))).toEqual([2, 4]);
  });

  it('cuts by top_p before the temperature flattens', () => {
    expect(distinct(drawn({ temperature: 100, top_k: 0, top_p: 0.5 }))).toEqual([1, 2]);
  });

  it('takes top_p of what top_k left', () => {
    // Of all tokens 1 has 0.32, of the two best 0.52: enough for 0.5 alone.
    expect(distinct(drawn({ ...PLAIN, top_k: 2, top_p: 0.5 }))).toEqual([1]);
  });

  it('looks back on the whole context with repeat_last_n of -1', () => {
    const after = (tokens: number[], repeat_last_n: number) => {
      const sampler = samplerOf({ temperature: 0, presence_penalty: 5, repeat_last_n }, 4);
      tokens.forEach((token) => sampler.accept(token));
      return sampler.choose(Float32Array.from(LOGITS)).token;
    };
    expect(after([1, 3, 3, 3], -1)).toBe(2);
    expect(after([1, 3, 3, 3, 3], -1)).toBe(1);
    expect(after([1, 3], 1)).toBe(1);
    expect(after([1], 0)).toBe(1);
  });

  it('bans a token with a bias of -∞ or -100', () => {
    expect(distinct(drawn({ ...PLAIN, logit_bias: { 1: -Infinity, 2: -100 } }))).not.toContain(1);
    expect(distinct(drawn({ ...PLAIN, logit_bias: { 1: -Infinity, 2: -100 } }))).not.toContain(2);
  });

  it('gives log-probabilities of the raw logits', () => {
    const sampler = samplerOf({
      temperature: 0,
      logit_bias: { 0: 50 },
      logprobs: true,
      top_logprobs: 2,
    });
    // A half, a quarter, a quarter.
    const { token, logprobs } = sampler.choose(Float32Array.of(0, Math.LN2, 0, -Infinity));
    expect(token).toBe(0);
    expect(logprobs?.chosen).toBeCloseTo(Math.log(0.25), 6);
    expect(logprobs?.top.map(({ token }) => token)).toEqual([1, 0]);
    expect(logprobs?.top[0]?.logprob).toBeCloseTo(Math.log(0.5), 6);
    expect(samplerOf({ temperature: 0 }).choose(Float32Array.of(1, 2)).logprobs).toBeUndefined();
  });

  it('gives as many likeliest tokens as there are, and none when none were asked for', () => {
    const top = (top_logprobs: number) =>
      samplerOf({ logprobs: true, top_logprobs }).choose(Float32Array.of(1, 3, 2)).logprobs?.top;
    expect(top(20)?.map(({ token }) => token)).toEqual([1, 2, 0]);
    expect(top(0)).toEqual([]);
  });

  it('says so when no logit is a number', () => {
    for (const temperature of [0, 1]) {
      const choose = () => samplerOf({ temperature }).choose(Float32Array.of(NaN, NaN));
      expect(choose).toThrow(expect.objectContaining({ code: 'engine_failed' }));
    }
  });
});
