/** A graphics adapter that hangs while vectors are made. */
import { afterEach, expect, it, vi } from 'vitest';
import { openScripted } from '../fixtures/scripted-house';

const embed = vi.fn(() => new Promise<never>(() => {}));

function open(adapter?: string) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  return openScripted({ engine: ['embedding'], model: ['embedding'], adapter, embed });
}

afterEach(() => {
  vi.useRealTimers();
  embed.mockClear();
});

it('is ended after two minutes a text', async () => {
  const house = open('Fake adapter');
  const asked = house.post('/api/embed', { input: ['one', 'two'] });
  await vi.waitFor(() => expect(embed).toHaveBeenCalled());
  await vi.advanceTimersByTimeAsync(230_000);
  expect(house.runners[0]!.closed).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await asked).answer).toMatchObject({ code: 'runner_died' });
  expect(house.runners[0]!.closed).toBe(true);
  house.close();
});

it('is waited for on the CPU', async () => {
  const house = open();
  const stop = new AbortController();
  const asked = house.call('POST', '/api/embed', { model: 'fake', input: 'one' }, stop.signal);
  await vi.waitFor(() => expect(embed).toHaveBeenCalled());
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(house.runners[0]!.closed).toBe(false);
  stop.abort();
  expect((await asked).status).toBe(499);
  house.close();
});
