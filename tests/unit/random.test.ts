import { describe, expect, it } from 'vitest';
import { splitMix64, Xoshiro128 } from '#core/random';

describe('the generator of random numbers', () => {
  it('gives the published first numbers of SplitMix64 with seed 1234567', () => {
    const next = splitMix64(1234567n);
    expect([next(), next(), next()]).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
    ]);
  });

  it('gives the numbers of xoshiro128** with the state 1, 2, 3, 4, worked out by hand', () => {
    const random = new Xoshiro128(Uint32Array.of(1, 2, 3, 4));
    expect([random.next(), random.next(), random.next()]).toEqual([11520, 0, 5927040]);
  });

  it('repeats with a seed, also one above 32 bits and below zero', () => {
    for (const seed of [0, 42, -7, 2 ** 40 + 1]) {
      expect(Xoshiro128.of(seed).next()).toBe(Xoshiro128.of(seed).next());
    }
    expect(Xoshiro128.of(1).next()).not.toBe(Xoshiro128.of(2 ** 40 + 1).next());
  });

  it('spreads evenly over [0, 1)', () => {
    const random = Xoshiro128.of(5);
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 10_000; n++) counts[Math.floor(random.uniform() * 10)]!++;
    // Five standard deviations of a fair tenth of 10,000.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('differs without a seed', () => {
    const [a, b] = [Xoshiro128.unseeded(), Xoshiro128.unseeded()];
    expect([a.next(), a.next(), a.next(), a.next()]).not.toEqual([
      b.next(),
      b.next(),
      b.next(),
      b.next(),
    ]);
  });
});
