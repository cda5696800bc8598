/** What a host does wrong while a file comes in ranges. */
import { describe, expect, test } from 'vitest';
import { SLICE } from '#store/blob-store';
import { STALL_MS } from '../../workers/puller/body';
import type { Fault } from '../fixtures/fake-host';
import {
  committed,
  file,
  FILE,
  fileDigest,
  partsDone,
  setupFile,
} from '../fixtures/transfer-setup';

const PARTS = 13;

describe('a fault that may pass', () => {
  test.each<[string, Fault]>([
    ['no connection', { type: 'offline' }],
    ['status 500', { type: 'status', status: 500 }],
    ['status 408', { type: 'status', status: 408 }],
    ['status 425', { type: 'status', status: 425 }],
    ['status 429', { type: 'status', status: 429 }],
    ['a body that ends early', { type: 'short', length: 100 }],
    ['another range', { type: 'head', headers: { 'content-range': `bytes 1-7/${file.length}` } }],
    ['a range without figures', { type: 'head', headers: { 'content-range': 'bytes */*' } }],
  ])('%s is tried again', async (_what, fault) => {
    const { host, store, clock, run } = setupFile();
    host.fail(FILE, fault);
    await run();
    expect(clock.delays).toEqual([1000]);
    expect(await committed(store, fileDigest)).toBe(fileDigest);
  });

  test('what was cut in the middle of a run goes on behind its last part', async () => {
    const { host, store, tools, run } = setupFile();
    tools.worthAConnection = file.length;
    host.fail(FILE, { type: 'cut', after: 5 * SLICE + 100_000 });
    await run();
    expect(host.ranges).toEqual(['all', `${5 * SLICE}-${file.length - 1}`]);
    expect(await committed(store, fileDigest)).toBe(fileDigest);
  });

  test('a try that brought a part begins the count anew', async () => {
    const { host, store, tools, clock, run } = setupFile();
    tools.worthAConnection = file.length;
    const cut: Fault = { type: 'cut', after: SLICE + 10 };
    host.fail(FILE, ...Array.from({ length: 10 }, () => cut));
    await run();
    expect(clock.delays).toEqual(Array.from({ length: 10 }, () => 1000));
    expect(await committed(store, fileDigest)).toBe(fileDigest);
  });

  test('is given up after six tries that bring nothing; the parts of all connections stay', async () => {
    const { host, store, tools, clock, chunks, run } = setupFile();
    tools.worthAConnection = file.length;
    const cut: Fault = { type: 'cut', after: 10 };
    const first: Fault = { type: 'cut', after: 3 * SLICE };
    host.fail(FILE, first, ...Array.from({ length: 9 }, () => cut));
    await expect(run()).rejects.toMatchObject({
      code: 'network',
      detail: { url: host.root + FILE },
    });
    expect(clock.delays).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(partsDone(chunks)).toEqual([0, 1, 2]);
    expect(await store.unfinishedSize(fileDigest)).toBeGreaterThanOrEqual(3 * SLICE);
    await (await store.writer(fileDigest)).close(); // the file was let go
  });
});

describe('a host that is busy', () => {
  const busy = (after: string): Fault => ({
    type: 'status',
    status: 429,
    headers: { 'retry-after': after },
  });

  test('is asked again when it said', async () => {
    const { host, clock, run } = setupFile();
    host.fail(FILE, busy('7'));
    await run();
    expect(clock.delays).toEqual([7000]);
  });

  test.each([['90'], [new Date(Date.now() + 3_600_000).toUTCString()]])(
    'that says to come back too late (%s) ends it',
    async (after) => {
      const { host, clock, run } = setupFile();
      host.fail(FILE, busy(after));
      await expect(run()).rejects.toMatchObject({
        code: 'rate_limited',
        detail: { url: host.root + FILE },
      });
      expect(clock.delays).toEqual([]);
    },
  );

  test('for six tries ends it', async () => {
    const { host, tools, run } = setupFile();
    tools.worthAConnection = file.length;
    host.fail(FILE, ...Array.from({ length: 6 }, () => busy('1')));
    await expect(run()).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('a fault that stays', () => {
  const url = `https://site.test/${FILE}`;

  test.each<[string, Fault, object]>([
    ['404', { type: 'status', status: 404 }, { code: 'missing', detail: { url } }],
    ['410', { type: 'status', status: 410 }, { code: 'missing', detail: { url } }],
    ['a page', { type: 'page' }, { code: 'missing', detail: { url } }],
    [
      '401',
      { type: 'status', status: 401 },
      { code: 'unauthorized', detail: { url, status: 401 } },
    ],
    [
      '403',
      { type: 'status', status: 403 },
      { code: 'unauthorized', detail: { url, status: 403 } },
    ],
    ['400', { type: 'status', status: 400 }, { code: 'network' }],
    ['more than the range', { type: 'long', extra: 20_000 }, { code: 'network' }],
    [
      'another length',
      { type: 'head', headers: { 'content-range': `bytes 0-1/${file.length + 1}` } },
      { code: 'network', detail: { discard: true } },
    ],
    [
      '416 with another length',
      { type: 'status', status: 416, headers: { 'content-range': 'bytes */100' } },
      { code: 'network', detail: { discard: true } },
    ],
    ['416', { type: 'status', status: 416 }, { code: 'network', detail: { restart: 'whole' } }],
    ['200 for a range', { type: 'plain' }, { code: 'network', detail: { restart: 'whole' } }],
  ])('%s ends it at once', async (_what, fault, error) => {
    const { host, store, clock, run } = setupFile();
    host.fail(FILE, fault);
    await expect(run()).rejects.toMatchObject(error);
    expect(clock.delays).toEqual([]);
    expect(await store.has(fileDigest)).toBe(false);
  });

  test('no error says what the headers were', async () => {
    const headers = { Authorization: 'Bearer secret' };
    const { host, run } = setupFile({ origin: { kind: 'file', url, headers } });
    host.fail(FILE, { type: 'status', status: 401 });
    const error = await run().catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, String(error)])).not.toContain('secret');
  });
});

describe('a host without ranges', () => {
  test('sends the file from its first byte, and what came twice is taken once', async () => {
    const { host, store, clock, chunks, run } = setupFile({ whole: true });
    host.fail(FILE, { type: 'cut', after: 3 * SLICE + 5 });
    await run();
    expect(host.ranges).toEqual(['all', 'all']);
    expect(clock.delays).toEqual([1000]);
    expect(partsDone(chunks)).toEqual(Array.from({ length: PARTS }, (_, index) => index));
    const seen = chunks.filter((chunk) => chunk.type === 'progress');
    expect(Math.max(...seen.map(({ completed }) => completed))).toBeLessThanOrEqual(file.length);
    expect(await committed(store, fileDigest)).toBe(fileDigest);
  });

  test('that cuts each time in the same place is given up', async () => {
    const { host, clock, run } = setupFile({ whole: true });
    host.fail(FILE, ...Array.from({ length: 9 }, (): Fault => ({ type: 'cut', after: 2 * SLICE })));
    await expect(run()).rejects.toMatchObject({ code: 'network' });
    expect(clock.delays).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  test('whose second answer is another file mixes nothing', async () => {
    const { host, run } = setupFile({ whole: true, digest: null });
    host.fail(FILE, { type: 'cut', after: 2 * SLICE }, { type: 'flip', at: 5 });
    await expect(run()).rejects.toMatchObject({ detail: { restart: 'changed' } });
  });
});

test('a connection that falls silent is given up after 30 s', async () => {
  const { host, store, tools, clock, run } = setupFile();
  tools.worthAConnection = file.length;
  host.fail(FILE, { type: 'silence', after: 2 * SLICE + 40_000 });
  const after = clock.after.bind(clock);
  let watch = () => {};
  clock.after = (ms, then) => {
    if (ms !== STALL_MS) return after(ms, then);
    watch = then;
    return () => {};
  };
  host.onSilence = () => watch();
  await run();
  expect(clock.delays).toEqual([1000]);
  expect(host.ranges).toEqual(['all', `${2 * SLICE}-${file.length - 1}`]);
  expect(await committed(store, fileDigest)).toBe(fileDigest);
});
