import { describe, expect, it } from 'vitest';
import { deviation, mean, pairedRatio, percentile } from '#core/statistics';

describe('statistics', () => {
  it('interpolates percentiles', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(percentile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('uses n - 1 for the deviation', () => {
    expect(mean([2, 4, 6])).toBe(4);
    expect(deviation([2, 4, 6])).toBe(2);
  });

  it('pairs before it averages', () => {
    const { ratio, low, high } = pairedRatio([10, 20, 40], [20, 40, 80]);
    expect([ratio, low, high]).toEqual(
      [0.5, 0.5, 0.5].map((value) => expect.closeTo(value) as number),
    );
  });

  it('widens the interval with the spread', () => {
    const { ratio, low, high } = pairedRatio([1, 2], [1, 1]);
    expect(ratio).toBeCloseTo(Math.SQRT2);
    expect(low).toBeCloseTo(Math.SQRT2 * Math.exp(-12.706 * (Math.LN2 / 2)));
    expect(high).toBeGreaterThan(ratio);
  });
});
