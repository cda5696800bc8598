import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whenGone } from '../../src/service-worker/client-gone';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('notices a closed page within two seconds, and looks no further once it is told', async () => {
  const open = new Set(['a']);
  const clients = { get: (id: string) => Promise.resolve(open.has(id) ? { id } : undefined) };
  const onGone = vi.fn();
  const stop = whenGone(clients, 'a', onGone);
  await vi.advanceTimersByTimeAsync(5000);
  expect(onGone).not.toHaveBeenCalled();
  open.delete('a');
  await vi.advanceTimersByTimeAsync(2000);
  expect(onGone).toHaveBeenCalled();
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
