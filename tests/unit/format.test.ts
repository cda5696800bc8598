import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatTokenRate,
  percent,
} from '#core/format';
import { formatAgo, formatTimeLeft, formatTokens } from '#core/format-words';
import { RateMeter } from '#core/rate-meter';

describe('bytes', () => {
  it.each([
    [0, '0 bytes'],
    [512, '512 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1550, '1.6 kB'],
    [98_362_432, '98 MB'],
    [999_499_999, '999 MB'],
    [999_500_000, '1 GB'],
    [2_100_000_000, '2.1 GB'],
    [9_960_000, '10 MB'],
    [4.2e15, '4,200 TB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('carries the unit of a rate', () => expect(formatRate(12_300_000)).toBe('12 MB/s'));
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [940, '940 ms'],
    [999.6, '1.0 s'],
    [1240, '1.2 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [45_000, '45 s'],
    [59_600, '1 min'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0.4, 'less than 1 s left'],
    [4.2, '5 s left'],
    [170, '3 min left'],
  ])('%d s left reads %s', (seconds, text) => expect(formatTimeLeft(seconds)).toBe(text));
});

describe('counts', () => {
  it('groups thousands and knows one from many', () => {
    expect(formatCount(5120)).toBe('5,120');
    expect(formatTokens(1)).toBe('1 token');
    expect(formatTokens(5120)).toBe('5,120 tokens');
    expect(formatTokens(1, 'prompt')).toBe('1 prompt token');
  });

  it('gives a token rate the digits that mean something', () => {
    expect(formatTokenRate(18.72)).toBe('18.7 tokens/s');
    expect(formatTokenRate(118.6)).toBe('119 tokens/s');
  });

  it('reaches 100 % with the last byte only', () => {
    expect(percent(999, 1000)).toBe(99);
    expect(percent(1000, 1000)).toBe(100);
    expect(percent(5, 0)).toBe(0);
    expect(percent(12, 10)).toBe(100);
  });
});

describe('relative dates', () => {
  const now = new Date(2026, 10, 21, 12, 0).getTime();
  it.each([
    [new Date(2026, 10, 21, 11, 59, 30), 'just now'],
    [new Date(2026, 10, 21, 11, 48), '12 min ago'],
    [new Date(2026, 10, 21, 9, 0), '3 h ago'],
    [new Date(2026, 10, 20, 23, 0), 'yesterday'],
    [new Date(2026, 10, 18, 1, 0), '3 days ago'],
    [new Date(2026, 9, 2, 1, 0), '2 Oct 2026'],
  ])('%s reads %s', (at, text) => expect(formatAgo(at.getTime(), now)).toBe(text));
});

describe('the rate of a download', () => {
  it('says nothing before there is something to say', () => {
    const meter = new RateMeter();
    expect(meter.perSecond).toBeNull();
    meter.add(1000, 0);
    meter.add(2000, 100);
    expect(meter.perSecond).toBeNull();
  });

  it('takes what was there at the start as no progress', () => {
    const meter = new RateMeter();
    meter.add(40_000_000, 0);
    meter.add(41_000_000, 1000);
    expect(meter.perSecond).toBe(1_000_000);
    expect(meter.secondsLeft(51_000_000)).toBe(10);
  });

  it('forgets what is older than five seconds', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 20; second++)
      meter.add(second < 10 ? second * 100 : 900, second * 1000);
    expect(meter.perSecond).toBe(0);
    expect(meter.secondsLeft(2000)).toBeNull();
  });

  it('starts over when a damaged part is thrown away', () => {
    const meter = new RateMeter();
    meter.add(1000, 0);
    meter.add(2000, 1000);
    meter.add(500, 2000);
    expect(meter.perSecond).toBeNull();
    meter.add(1500, 3000);
    expect(meter.perSecond).toBe(1000);
  });
});
