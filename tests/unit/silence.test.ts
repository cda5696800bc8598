import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isSilent } from '../../src/lib/client/silence';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = () => new Promise<never>(() => {});

it('is silent after the time, and not before', async () => {
  const told = vi.fn();
  void isSilent(never(), 2000).then(told);
  await vi.advanceTimersByTimeAsync(1999);
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toHaveBeenCalledWith(true);
});

it.each([
  ['an answer', () => Promise.resolve()],
  ['a failure', () => Promise.reject(new Error('no'))],
])('%s is no silence', async (_, answer) => {
  expect(await isSilent(answer(), 2000)).toBe(false);
});

it('measures anew after this tab slept', async () => {
  const told = vi.fn();
  let answer!: () => void;
  void isSilent(new Promise<void>((resolve) => (answer = resolve)), 2000).then(told);
  await vi.advanceTimersByTimeAsync(1000);
  // Asleep for an hour: the clock goes on, and the timer comes when the tab wakes.
  vi.spyOn(performance, 'now').mockImplementation(() => 3_600_000 + Date.now());
  await vi.advanceTimersByTimeAsync(1500);
  expect(told).not.toHaveBeenCalled();
  answer();
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toHaveBeenCalledWith(false);
  vi.restoreAllMocks();
});

it('holds for a hidden tab, whose timers come once a second', async () => {
  const told = vi.fn();
  const late = globalThis.setTimeout;
  vi.stubGlobal('setTimeout', (work: () => void) => late(work, 1000));
  void isSilent(never(), 2000).then(told);
  await vi.advanceTimersByTimeAsync(4000);
  expect(told).toHaveBeenCalledWith(true);
  vi.unstubAllGlobals();
});
