import { expect, it } from 'vitest';
import { Arrivals } from '../../../workers/runner/arrivals';
import { leastStep } from '../../../workers/runner/clock-step';

function times(begun: number, ...come: [at: number, tokens: number][]) {
  const arrivals = new Arrivals(begun);
  for (const [at, tokens] of come) arrivals.add(at, tokens);
  return arrivals.times(200);
}

it('the rate is that of the tokens between the first arrival and the last but one', () => {
  // A token each 10 ms, handed out a step late: the last two come together.
  const late = times(100, [130, 1], [140, 1], [150, 1], [160, 1], [160, 1]);
  expect(late).toEqual({ firstTokenMs: 30, tokens: 5, laterTokens: 3, laterMs: 30, endMs: 100 });
  const prompt = times(100, [130, 1], [140, 1], [150, 1], [160, 1], [170, 1]);
  expect(prompt.laterTokens / prompt.laterMs).toBe(late.laterTokens / late.laterMs);
});

it('tokens that come in bursts are all counted', () => {
  expect(times(0, [20, 3], [50, 4], [80, 4])).toEqual({
    ...{ firstTokenMs: 20, tokens: 11, laterTokens: 4, laterMs: 30, endMs: 200 },
  });
});

it('of two arrivals none is left out, and of one there is no rate', () => {
  expect(times(0, [20, 1], [50, 1])).toMatchObject({ laterTokens: 1, laterMs: 30 });
  expect(times(0, [20, 1])).toMatchObject({ tokens: 1, laterTokens: 0, laterMs: 0 });
  expect(times(5)).toEqual({ firstTokenMs: 0, tokens: 0, laterTokens: 0, laterMs: 0, endMs: 195 });
});

it('the clock’s step is the smallest that was seen', () => {
  const readings = [0, 0, 1, 1, 1, 1.5, 3, 9, 20];
  expect(leastStep(() => readings.shift()!, 20)).toBe(0.5);
});

it('a clock that stands still has no step, and is not waited for', () => {
  expect(leastStep(() => 7, 20)).toBe(0);
});
