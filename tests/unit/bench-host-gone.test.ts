/** The tab that has the host closes while another tab's benchmark runs there. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PROTOCOL, type Asking } from '#core/broker';
import { serve } from '#core/callee';
import type { HostPortMethods } from '#core/methods';
import { explain } from '#core/sentences';
import { bench } from '$lib/state/bench.svelte';
import { benchHistory } from '$lib/state/bench-history.svelte';
import { leaveChanges } from '$lib/storage/changes';
import { closeDatabase } from '$lib/storage/database';
import { RemoteHost } from '../../src/lib/client/remote-host';
import { benchRun, eventsOf } from '../fixtures/bench-run';
import { FakeLocks } from '../fixtures/fake-locks';

const { link } = vi.hoisted(() => ({
  link: { leads: false, connect: (): Promise<unknown> => Promise.reject(new Error('no host')) },
}));
vi.mock('$lib/client/link', () => ({ link }));
vi.mock('$lib/client/site', () => ({ siteUrl: () => 'http://paddock.test/' }));
vi.mock('$lib/client/busy', () => ({ whileBusy: (work: () => Promise<unknown>) => work() }));

const HOST = 'paddock-host:1';
const RUN = benchRun();
/** A plan, and some samples. */
const TOLD = eventsOf(RUN).slice(0, 6);
const locks = new FakeLocks();
const ports: MessagePort[] = [];

/** A host in another tab, whose benchmark tells `TOLD` and then goes on measuring. */
function hostIn(port: MessagePort) {
  ports.push(port);
  port.postMessage({ type: 'asking' } satisfies Asking);
  serve<HostPortMethods>(port, {
    hello: () => Promise.resolve({ lock: HOST, protocol: PROTOCOL }),
    blob: () => Promise.resolve(new Blob()),
    async fetch(_, { send }) {
      await send({ type: 'head', status: 200, headers: [] });
      for (const event of TOLD) {
        const bytes = new TextEncoder().encode(`${JSON.stringify(event)}\n`);
        await send({ type: 'body', bytes });
      }
      await new Promise(() => {});
    },
  });
}

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  await benchHistory.refresh();
  const postMessage = (_: unknown, [port]: [MessagePort]) => hostIn(port);
  vi.stubGlobal('navigator', { locks, serviceWorker: { controller: { postMessage } } });
  link.connect = () => RemoteHost.find(() => {});
});

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
  vi.unstubAllGlobals();
});

afterAll(leaveChanges);

it('ends the run with a sentence, and what was measured is kept as stopped', async () => {
  void locks.request(HOST, () => new Promise(() => {}));
  const ended = bench.start({ candidates: [RUN.candidates[0]!.candidate], set: 'quick' });
  const samples = TOLD.filter(({ type }) => type === 'sample').length;
  expect(samples).toBeGreaterThan(0);
  await vi.waitFor(() => {
    const tests = bench.run?.candidates.flatMap((one) => one.tests) ?? [];
    expect(tests.flatMap((one) => one.samples)).toHaveLength(samples);
  });
  expect(bench.running).toBe(true);
  locks.holderDies(HOST);
  await ended;
  expect(bench.running).toBe(false);
  expect(bench.error?.code).toBe('host_died');
  expect(explain(bench.error!).sentence).toContain('stopped');
  await benchHistory.refresh();
  expect(benchHistory.all).toHaveLength(1);
  expect(benchHistory.all![0]!.run).toEqual(bench.run);
  expect(bench.run?.finished).toBeNull();
});
