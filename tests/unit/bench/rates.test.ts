/** From clock readings to figures, worked out by hand. */
import { describe, expect, it } from 'vitest';
import {
  decodeRate,
  engineDecodeRate,
  enginePrefillRate,
  firstTokens,
  prefillRate,
  ratesOf,
  slowing,
  summarize,
  summary,
} from '#core/bench/rates';
import {
  PP512,
  readSample,
  TG128,
  testResult,
  written,
  writeSample,
} from '../../fixtures/bench/results';

describe('rates', () => {
  it('of a prompt: tokens that were read, by the time to the first token', () => {
    expect(prefillRate(readSample())).toBe(256); // 512 in 2 s
    // 4,096 tokens lay in the context: 512 of 4,608 were read, in 4 s.
    expect(
      prefillRate(readSample({ promptTokens: 4608, cachedTokens: 4096, firstTokenMs: 4000 })),
    ).toBe(128);
    expect(enginePrefillRate(readSample({ promptMs: 1600 }))).toBe(320); // 512 in 1.6 s
  });

  it('of a reply: tokens behind the first arrival, by the time between first and last', () => {
    expect(decodeRate(writeSample())).toBe(32); // 128 in 4 s
    // Arrivals in bursts of 4: 129 tokens, of which the first 4 came at once; 125 in 5 s.
    expect(decodeRate(writeSample({ laterTokens: 125, laterMs: 5000 }))).toBe(25);
    expect(engineDecodeRate(writeSample({ evalTokens: 129, evalMs: 4300 }))).toBe(30); // 129 in 4.3 s
  });

  it('are nothing where nothing was measured', () => {
    expect(decodeRate(writeSample({ laterTokens: 0, laterMs: 0 }))).toBeNull();
    expect(decodeRate(writeSample({ laterMs: 0 }))).toBeNull();
    expect(prefillRate(readSample({ cachedTokens: 512 }))).toBeNull();
    expect(enginePrefillRate(readSample({ promptMs: 0 }))).toBeNull();
    expect(ratesOf(testResult(TG128, [writeSample({ laterMs: 0 })]))).toEqual([]);
  });

  it('of a test are those that it is for', () => {
    expect(ratesOf(testResult(PP512, [readSample()]))).toEqual([256]);
    expect(ratesOf(testResult(TG128, [writeSample()]))).toEqual([32]);
    const chat = { kind: 'chat', tokens: 512, depth: 0 } as const;
    expect(ratesOf(testResult(chat, [writeSample({ laterTokens: 90, laterMs: 3000 })]))).toEqual([
      30,
    ]);
  });
});

describe('a summary', () => {
  it('of 10, 12, 14, 20, 24', () => {
    // Mean 80 / 5 = 16; squares 36 + 16 + 4 + 16 + 64 = 136, by 4 is 34, its root 5.8309519; by 16: 0.3644345.
    const found = summarize([12, 10, 24, 14, 20])!;
    expect(found).toMatchObject({ n: 5, median: 14, mean: 16, min: 10, max: 24 });
    expect(found.sd).toBeCloseTo(5.8309519, 7);
    expect(found.cv).toBeCloseTo(0.3644345, 7);
  });

  it('of an even number has the middle between two, of one no deviation, of none nothing', () => {
    expect(summarize([30, 10])).toMatchObject({ median: 20, mean: 20 });
    expect(summarize([7])).toEqual({
      n: 1,
      median: 7,
      mean: 7,
      sd: null,
      cv: null,
      min: 7,
      max: 7,
    });
    expect(summarize([])).toBeNull();
  });

  it('of a test is of its rates', () => {
    // 128 tokens in 4 s, 3.2 s and 6.4 s: 32, 40 and 20 a second.
    expect(summary(written(4000, 3200, 6400))).toMatchObject({
      n: 3,
      median: 32,
      min: 20,
      max: 40,
    });
  });
});

it('slowing is the last against the first, whatever lies between', () => {
  expect(slowing([40, 10, 38])).toBeCloseTo(0.05); // 2 of 40
  expect(slowing([40, 44])).toBeCloseTo(-0.1);
  expect(slowing([40])).toBeNull();
  expect(slowing([])).toBeNull();
});

describe('the time to the first token', () => {
  const short = testResult({ kind: 'pp', tokens: 16, depth: 0 }, [
    readSample({ promptTokens: 16, firstTokenMs: 90 }),
    readSample({ promptTokens: 16, firstTokenMs: 110 }),
  ]);
  const long = testResult(PP512, [readSample()]);
  const deep = testResult({ kind: 'pp', tokens: 512, depth: 4096 }, [
    readSample({ firstTokenMs: 1 }),
  ]);

  it('is the shortest and the longest prompt’s, read from the beginning', () => {
    const found = firstTokens({ tests: [long, deep, written(4000), short] });
    expect(found.short).toMatchObject({ tokens: 16, ms: { median: 100, n: 2 } });
    expect(found.long).toMatchObject({ tokens: 512, ms: { median: 2000 } });
  });

  it('is one of the two where there is one length, and nothing without samples', () => {
    expect(firstTokens({ tests: [long] })).toMatchObject({ short: { tokens: 512 }, long: null });
    expect(firstTokens({ tests: [testResult(PP512, [])] })).toEqual({ short: null, long: null });
  });
});
