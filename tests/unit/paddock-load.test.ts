import { describe, expect, it } from 'vitest';
import { ropeFrequencies } from '../../workers/runner/engines/paddock/decode/rope-angles';
import { interleaveRows } from '../../workers/runner/engines/paddock/load/interleave';

describe('interleaveRows', () => {
  it('puts row i beside row i + half, a head at a time', () => {
    // Two heads of 4 rows, 2 bytes each; the byte is the row's number.
    const source = Uint8Array.from({ length: 16 }, (_, byte) => byte >> 1);
    const target = new Uint8Array(16);
    interleaveRows(source, target, 2, 4);
    const rows = [...target].filter((_, byte) => byte % 2 === 0);
    expect(rows).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  });
});

describe('ropeFrequencies', () => {
  const rope = { base: 10_000, linear: 1, dimensions: 8, halves: false, factors: undefined };

  it('falls from 1 by the base', () => {
    const expected = [1, 0.1, 0.01, 0.001];
    ropeFrequencies(rope).forEach((f, pair) => expect(f).toBeCloseTo(expected[pair]!, 9));
  });

  it('divides by the linear factor and by each pair’s own', () => {
    const factors = Float32Array.of(1, 2, 4, 8);
    const scaled = ropeFrequencies({ ...rope, linear: 2, factors });
    const expected = [0.5, 0.025, 0.00125, 0.0000625];
    scaled.forEach((f, pair) => expect(f).toBeCloseTo(expected[pair]!, 9));
    expect(scaled).toHaveLength(4);
  });
});
