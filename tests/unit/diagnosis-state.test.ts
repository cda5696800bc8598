/** What the Diagnostics page keeps when the host does not answer. */
import { expect, it, vi } from 'vitest';
import { PaddockError } from '#core/errors';
import { diagnosis } from '$lib/state/diagnosis.svelte';
import { deviceReport } from '../fixtures/device-report';
import { LIMITS } from '../fixtures/house';

const REPORT = deviceReport(LIMITS);
const { ask } = vi.hoisted(() => ({ ask: vi.fn<(again: boolean) => Promise<unknown>>() }));

vi.mock('$lib/client/device', () => ({
  deviceReport: ask,
  pageFacts: () => Promise.resolve({ secure: true }),
  watchControl: () => () => {},
}));

it('a failure is told, what the page sees stays, and so does what the host said before', async () => {
  ask.mockRejectedValueOnce(new PaddockError('host_died', 'gone'));
  await diagnosis.measure();
  expect(diagnosis.error?.code).toBe('host_died');
  expect(diagnosis.findings).toEqual({
    report: null,
    page: { secure: true, storage_denied: false },
  });

  ask.mockResolvedValueOnce(REPORT);
  await diagnosis.measure();
  expect([diagnosis.error, diagnosis.findings?.report]).toEqual([null, REPORT]);

  ask.mockRejectedValueOnce(new PaddockError('host_died', 'gone'));
  await diagnosis.measure(true);
  expect(diagnosis.error?.code).toBe('host_died');
  expect(diagnosis.findings?.report).toEqual(REPORT);
  expect(diagnosis.measuring).toBe(false);
  expect(ask.mock.calls).toEqual([[false], [false], [true]]);
});

it('one measurement runs at a time', async () => {
  ask.mockClear();
  ask.mockResolvedValue(REPORT);
  await Promise.all([diagnosis.measure(), diagnosis.measure(true)]);
  expect(ask).toHaveBeenCalledTimes(1);
});
