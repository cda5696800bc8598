import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { heard } from '../../workers/host/scheduler/heard';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A source that gives a number whenever the test says so. */
function source() {
  const stream = new TransformStream<number, number>(undefined, undefined, { highWaterMark: 1 });
  const writer = stream.writable.getWriter();
  return { chunks: stream.readable, give: (chunk: number) => void writer.write(chunk) };
}

it('waits anew for each chunk', async () => {
  const late = vi.fn();
  const { chunks, give } = source();
  const reader = heard(chunks as unknown as AsyncIterable<number>, { ms: 60_000, late });
  for (let n = 0; n < 3; n++) {
    const next = reader.next();
    await vi.advanceTimersByTimeAsync(50_000);
    give(n);
    expect(await next).toEqual({ done: false, value: n });
  }
  expect(late).not.toHaveBeenCalled();
  void reader.next();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(late).toHaveBeenCalledOnce();
});

it('does not count while its reader takes nothing', async () => {
  const late = vi.fn();
  const { chunks, give } = source();
  const reader = heard(chunks as unknown as AsyncIterable<number>, { ms: 60_000, late });
  give(1);
  await reader.next();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(late).not.toHaveBeenCalled();
  await reader.return();
  expect(vi.getTimerCount()).toBe(0);
});

it('begins to count with the chunk that says so', async () => {
  const late = vi.fn();
  const { chunks, give } = source();
  const from = (chunk: number) => chunk === 2;
  const reader = heard(chunks as unknown as AsyncIterable<number>, { ms: 60_000, late, from });
  for (const chunk of [1, 2]) {
    const next = reader.next();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(late).not.toHaveBeenCalled();
    give(chunk);
    await next;
  }
  void reader.next();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(late).toHaveBeenCalledOnce();
});

it('waits longer for the first where that is asked for', async () => {
  const late = vi.fn();
  const { chunks, give } = source();
  const times = { ms: 60_000, first: 600_000, late };
  const reader = heard(chunks as unknown as AsyncIterable<number>, times);
  const first = reader.next();
  await vi.advanceTimersByTimeAsync(590_000);
  give(1);
  await first;
  void reader.next();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(late).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(late).toHaveBeenCalledOnce();
});
