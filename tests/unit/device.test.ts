/** `/api/paddock/device`: a report in which each failure stands alone. */
import { expect, it } from 'vitest';
import type { InspectedDevice } from '#core/methods';
import type { DeviceReport } from '#core/paddock-api';
import { deviceReader, type DeviceSources } from '../../workers/host/limits/device';
import { deviceReport } from '../fixtures/device-report';
import { LIMITS, openHouse } from '../fixtures/house';

const WHOLE = deviceReport(LIMITS);

function inspected(failed: InspectedDevice['failed'] = {}): InspectedDevice {
  const { browser, languages, webgpu, wasm, cores, not_isolated } = WHOLE;
  return { browser, languages, webgpu, wasm, cores, not_isolated, persisted: true, failed };
}

function reader(changes: Partial<DeviceSources> = {}) {
  let minute = 0;
  return deviceReader({
    limits: { detailed: () => Promise.resolve({ limits: LIMITS, failed: {} }) },
    store: { kind: 'opfs' },
    versions: WHOLE.versions,
    timestamp: () => `2026-01-02T03:0${minute++}:00.000Z`,
    inspect: () => Promise.resolve(inspected()),
    estimate: () => Promise.resolve({ quota: 12_000_000_000, usage: 2_000_000_000 }),
    ...changes,
  });
}

it('has all parts, the free storage among them', async () => {
  expect(await reader()(false)).toEqual({
    ...WHOLE,
    measured_at: '2026-01-02T03:00:00.000Z',
    free_storage: 10_000_000_000,
  });
});

it('is measured once, and again when asked; what is stored is asked for each time', async () => {
  let usage = 0;
  const asked: boolean[] = [];
  const read = reader({
    limits: {
      detailed: (again) => {
        asked.push(again);
        return Promise.resolve({ limits: LIMITS, failed: {} });
      },
    },
    estimate: () => Promise.resolve({ quota: 100, usage: (usage += 10) }),
  });
  const first = await read(false);
  const second = await read(false);
  expect(second.measured_at).toBe(first.measured_at);
  expect([first.free_storage, second.free_storage]).toEqual([90, 80]);
  expect((await read(true)).measured_at).not.toBe(first.measured_at);
  expect(asked).toEqual([false, true]);
});

it('what failed says so and hides nothing else', async () => {
  const read = reader({
    limits: {
      detailed: () => Promise.resolve({ limits: LIMITS, failed: { contest: 'it had not ended' } }),
    },
    inspect: () => Promise.resolve(inspected({ buffer: 'device lost' })),
    estimate: () => Promise.reject(new Error('denied')),
  });
  const report = await read(false);
  expect(report.failed).toEqual({
    contest: 'it had not ended',
    buffer: 'device lost',
    storage: 'denied',
  });
  expect(report.storage).toEqual({ kind: 'opfs', persisted: true, quota: null, usage: null });
  expect(report).toMatchObject({ memory32: LIMITS.memory32, browser: WHOLE.browser });
});

it('a worker that does not start is asked anew', async () => {
  let tries = 0;
  const read = reader({
    inspect: () =>
      tries++ === 0 ? Promise.reject(new Error('no worker')) : Promise.resolve(inspected()),
  });
  await expect(read(false)).rejects.toThrow('no worker');
  expect((await read(false)).browser).toEqual(WHOLE.browser);
});

it('is answered as JSON; POST measures again', async () => {
  const house = openHouse();
  const again: boolean[] = [];
  house.deps.device = (anew) => {
    again.push(anew);
    return Promise.resolve(WHOLE);
  };
  for (const method of ['GET', 'POST']) {
    const response = await house.call(
      method,
      '/api/paddock/device',
      method === 'POST' ? {} : undefined,
    );
    expect(response.status).toBe(200);
    expect((await response.json()) as DeviceReport).toEqual(WHOLE);
  }
  expect(again).toEqual([false, true]);
  expect((await house.call('DELETE', '/api/paddock/device')).status).toBe(405);
  house.close();
});
