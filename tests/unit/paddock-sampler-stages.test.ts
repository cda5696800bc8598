import { describe, expect, it } from 'vitest';
import { Candidates } from '../../workers/runner/engines/paddock/sampler/candidates';
import { draw, likeliest } from '../../workers/runner/engines/paddock/sampler/draw';
import { minP } from '../../workers/runner/engines/paddock/sampler/min-p';
import { Penalties } from '../../workers/runner/engines/paddock/sampler/penalties';
import { Xoshiro128 } from '#core/random';
import { topK } from '../../workers/runner/engines/paddock/sampler/top-k';
import { topP } from '../../workers/runner/engines/paddock/sampler/top-p';
import { typical } from '../../workers/runner/engines/paddock/sampler/typical';

/** Candidates with these probabilities. */
function withProbabilities(...probabilities: number[]): Candidates {
  const candidates = new Candidates(probabilities.length);
  candidates.addAll(Float32Array.from(probabilities, (p) => 3 + Math.log(p)));
  return candidates;
}

function idsOf({ ids, size }: Candidates): number[] {
  return [...ids.subarray(0, size)].sort((a, b) => a - b);
}

/** Uneven logits, many of them equal. */
function noise(length: number, seed: number): Float32Array {
  const random = Xoshiro128.of(seed);
  return Float32Array.from({ length }, () => Math.round(random.uniform() * 400 - 200) / 16);
}

/** Ids by falling logit, then rising id, the plain way. */
function sorted(logits: Float32Array): number[] {
  return [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
}

describe('top_k', () => {
  it('is the head of a whole sort, ties by the lower id', () => {
    for (const [length, k] of [
      [5, 1],
      [5, 3],
      [7, 7],
      [7, 99],
      [3000, 40],
      [3000, 700],
    ] as const) {
      const logits = noise(length, length + k);
      const candidates = new Candidates(length);
      topK(candidates, logits, k);
      expect([...candidates.ids.subarray(0, candidates.size)]).toEqual(sorted(logits).slice(0, k));
      expect([...candidates.logits.subarray(0, candidates.size)]).toEqual(
        sorted(logits)
          .slice(0, k)
          .map((id) => logits[id]),
      );
    }
  });

  it('takes all with 0, and never a masked token or one that is not a number', () => {
    const logits = Float32Array.of(1, -Infinity, NaN, 0.5);
    for (const k of [0, 2, 4]) {
      const candidates = new Candidates(4);
      topK(candidates, logits, k);
      expect(idsOf(candidates)).toEqual([0, 3]);
    }
  });
});

describe('top_p', () => {
  it('keeps the fewest that sum to p', () => {
    const kept = (p: number) => {
      const candidates = withProbabilities(0.1, 0.5, 0.15, 0.25);
      topP(candidates, p);
      return idsOf(candidates);
    };
    expect(kept(0)).toEqual([1]);
    expect(kept(0.45)).toEqual([1]);
    expect(kept(0.6)).toEqual([1, 3]);
    expect(kept(0.85)).toEqual([1, 2, 3]);
    expect(kept(0.95)).toEqual([0, 1, 2, 3]);
    expect(kept(1)).toEqual([0, 1, 2, 3]);
  });

  it('cuts inside a bucket of equal or nearly equal tokens, lower ids first', () => {
    const candidates = withProbabilities(0.199, 0.2, 0.2, 0.201, 0.2);
    topP(candidates, 0.5);
    expect(idsOf(candidates)).toEqual([1, 2, 3]);
  });

  it('agrees with a whole sort on a large vocabulary', () => {
    const logits = noise(20_000, 9);
    for (const p of [0.1, 0.5, 0.9, 0.999]) {
      const candidates = new Candidates(logits.length);
      candidates.addAll(logits);
      topP(candidates, p);
      const order = sorted(logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      let count = 0;
      for (let sum = 0; sum < p * total; count++) sum += Math.exp(logits[order[count]!]!);
      expect(idsOf(candidates)).toEqual(order.slice(0, count).sort((a, b) => a - b));
    }
  });
});

describe('min_p', () => {
  it('keeps what is at least p times the likeliest', () => {
    const candidates = withProbabilities(0.5, 0.26, 0.14, 0.1);
    minP(candidates, 0.25);
    expect(idsOf(candidates)).toEqual([0, 1, 2]);
    minP(candidates, 0);
    expect(idsOf(candidates)).toEqual([0, 1, 2]);
    minP(candidates, 1);
    expect(idsOf(candidates)).toEqual([0]);
  });
});

describe('typical_p', () => {
  // The expected surprise is 0.94; the tokens' own are 0.51, 1.39, 1.90: apart by 0.43, 0.45 and 0.96.
  const kept = (p: number) => {
    const candidates = withProbabilities(0.6, 0.25, 0.15);
    typical(candidates, p);
    return idsOf(candidates);
  };

  it('keeps those of the most expected surprise', () => {
    expect(kept(0.5)).toEqual([0]);
    expect(kept(0.7)).toEqual([0, 1]);
    expect(kept(0.9)).toEqual([0, 1, 2]);
    expect(kept(1)).toEqual([0, 1, 2]);
  });

  it('may leave out the likeliest', () => {
    // 0.4 and forty of 0.015: the expected surprise is 2.89, far from the likeliest's 0.92.
    const candidates = withProbabilities(0.4, ...new Array<number>(40).fill(0.015));
    typical(candidates, 0.3);
    expect(idsOf(candidates)).not.toContain(0);
  });
});

describe('penalties', () => {
  const penalised = (
    options: Partial<ConstructorParameters<typeof Penalties>[0]>,
    text: number[],
  ) => {
    const penalties = new Penalties({
      window: 64,
      repeat: 1,
      presence: 0,
      frequency: 0,
      ...options,
    });
    text.forEach((token) => penalties.accept(token));
    const logits = Float32Array.of(4, -4, 2, 0);
    penalties.apply(logits);
    return [...logits];
  };

  it('divide a logit above 0 by repeat_penalty and multiply one below', () => {
    expect(penalised({ repeat: 2 }, [0, 0, 1])).toEqual([2, -8, 2, 0]);
  });

  it('take presence off once, and frequency for each time', () => {
    expect(penalised({ presence: 0.5 }, [0, 0, 3])).toEqual([3.5, -4, 2, -0.5]);
    expect(penalised({ frequency: 0.5 }, [0, 0, 3])).toEqual([3, -4, 2, -0.5]);
  });

  it('look back on the last repeat_last_n tokens only', () => {
    expect(penalised({ presence: 1, window: 2 }, [0, 1, 2, 2, 3])).toEqual([4, -4, 1, -1]);
    expect(penalised({ frequency: 1, window: 3 }, [0, 0, 0, 0, 2])).toEqual([2, -4, 1, 0]);
    expect(penalised({ presence: 1, window: 0 }, [0, 1, 2])).toEqual([4, -4, 2, 0]);
  });
});

describe('the draw', () => {
  it('follows the probabilities', () => {
    const at = (uniform: number) => draw(withProbabilities(0.2, 0.5, 0.3), 1, uniform);
    expect([0, 0.19, 0.21, 0.69, 0.71, 0.999].map(at)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('sharpens with a temperature below 1 and flattens above', () => {
    // 0.8 and 0.2: at 0.5 their squares, 16 : 1; at 2 their roots, 2 : 1.
    const at = (temperature: number, uniform: number) =>
      draw(withProbabilities(0.8, 0.2), temperature, uniform);
    expect([at(0.5, 0.93), at(0.5, 0.95)]).toEqual([0, 1]);
    expect([at(2, 0.66), at(2, 0.67)]).toEqual([0, 1]);
    expect(at(1e-9, 0.999999)).toBe(0);
  });

  it('takes the lowest of the likeliest when greedy', () => {
    expect(likeliest(Float32Array.of(-5, 2, NaN, 2))).toBe(1);
    expect(likeliest(Float32Array.of(NaN, -Infinity))).toBe(-1);
  });
});
