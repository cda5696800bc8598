/** Runners that say nothing any more, and loads that are stopped. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastOf, lossHouse, type LossHouse } from '../fixtures/loss-house';

let house: LossHouse;
afterEach(() => {
  house.close();
  vi.useRealTimers();
});

const onGpu = (load = '') => void (house = lossHouse(`/gpu ${load}`));
const chat: LossHouse['chat'] = (...asked) => house.chat(...asked);

describe('what falls silent', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));

  it('is ended after two minutes on the adapter', async () => {
    onGpu();
    const asked = lastOf(chat('/hang'));
    await vi.waitFor(() => expect(house.scheduler.list()).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(110_000);
    expect(house.runners[0]!.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await asked).toMatchObject({
      code: 'runner_died',
      error: 'The runner gave no sign of life for minutes.',
    });
    expect(house.runners[0]!.closed).toBe(true);
  });

  it('is ended after ten minutes on a software adapter', async () => {
    house = lossHouse('/software');
    const asked = lastOf(chat('/hang'));
    await vi.waitFor(() => expect(house.scheduler.list()).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(590_000);
    expect(house.runners[0]!.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await asked).toMatchObject({ code: 'runner_died' });
  });

  it('is not on the CPU, where a long prompt takes its time', async () => {
    house = lossHouse('weights');
    const stop = new AbortController();
    const asked = chat('/hang', {}, stop.signal);
    await vi.waitFor(() => expect(house.scheduler.list()).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(house.runners[0]!.closed).toBe(false);
    stop.abort();
    expect((await asked).status).toBe(499);
  });

  it.each(['/stuck', '/shaders', '/warmup'])(
    'is ended after ten minutes of a load: %s',
    async (at) => {
      onGpu(at);
      const asked = lastOf(chat('hello'));
      const phase = at === '/stuck' ? 'load' : at.slice(1);
      await vi.waitFor(() => expect(house.scheduler.activities[0]).toMatchObject({ phase }));
      if (at === '/stuck') {
        await vi.waitFor(() => expect(house.scheduler.activities[0]?.total).toBeGreaterThan(0));
      }
      await vi.advanceTimersByTimeAsync(590_000);
      expect(house.runners[0]!.closed).toBe(false);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await asked).toMatchObject({ code: 'runner_died' });
      expect(house.open()).toEqual([]);
    },
  );
});

it.each(['/stuck', '/shaders', '/warmup'])('Stop ends a load at once: %s', async (at) => {
  onGpu(at);
  const stop = new AbortController();
  const asked = chat('hello', {}, stop.signal);
  const phase = at === '/stuck' ? 'load' : at.slice(1);
  await vi.waitFor(() => expect(house.scheduler.activities[0]).toMatchObject({ phase }));
  stop.abort();
  expect((await asked).status).toBe(499);
  expect(house.open()).toEqual([]);
  expect(house.scheduler.activities[0]).toBeUndefined();
  house.disk.weights = '/gpu';
  expect(await lastOf(chat('hello'))).toMatchObject({ done: true });
});
