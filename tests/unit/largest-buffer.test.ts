/** The probe of graphics memory: by halves from the limit, each freed at once, two seconds at most. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { largestBuffer } from '../../workers/host/limits/largest-buffer';

const MIB = 1024 * 1024;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('GPUBufferUsage', { STORAGE: 128 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An adapter whose device has so many bytes; `refuse`: how it says no. */
function fakeAdapter(limit: number, has: number, refuse: 'scope' | 'throw' | 'hang' = 'scope') {
  const log = { made: [] as number[], open: 0, ended: false };
  let refused = false;
  const device = {
    pushErrorScope: () => {},
    popErrorScope: () => {
      if (refused && refuse === 'hang') return new Promise(() => {});
      const error = refused ? { message: 'out of memory' } : null;
      refused = false;
      return Promise.resolve(error);
    },
    createBuffer({ size }: { size: number }) {
      log.made.push(size);
      refused = size > has;
      if (refused && refuse === 'throw') throw new RangeError('too large');
      log.open++;
      return { destroy: () => log.open-- };
    },
    destroy: () => (log.ended = true),
  };
  const adapter = {
    limits: { maxBufferSize: limit },
    requestDevice: () => Promise.resolve(device),
  };
  return { adapter: adapter as unknown as GPUAdapter, log };
}

it.each(['scope', 'throw'] as const)('halves where the device refuses by %s', async (refuse) => {
  const { adapter, log } = fakeAdapter(1024 * MIB, 300 * MIB, refuse);
  expect(await largestBuffer(adapter)).toBe(256 * MIB);
  expect(log).toEqual({ made: [1024 * MIB, 512 * MIB, 256 * MIB], open: 0, ended: true });
});

it('takes the limit itself where it is given, and finds nothing where nothing is', async () => {
  expect(await largestBuffer(fakeAdapter(4096 * MIB, 4096 * MIB).adapter)).toBe(4096 * MIB);
  expect(await largestBuffer(fakeAdapter(64 * MIB, 0).adapter)).toBe(0);
});

it('a device that hangs is given up after two seconds, and ended', async () => {
  const { adapter, log } = fakeAdapter(64 * MIB, 0, 'hang');
  const probe = largestBuffer(adapter);
  const failed = expect(probe).rejects.toThrow('no answer for 2 s');
  await vi.advanceTimersByTimeAsync(2000);
  await failed;
  await vi.runAllTimersAsync();
  expect(log.ended).toBe(true);
});

it('a device that never comes is given up too', async () => {
  const { adapter } = fakeAdapter(64 * MIB, 0);
  adapter.requestDevice = () => new Promise(() => {});
  const failed = expect(largestBuffer(adapter)).rejects.toThrow('no answer for 2 s');
  await vi.advanceTimersByTimeAsync(2000);
  await failed;
});
