/** Puts the house together: registry, scheduler, server; then answers the page. */
import { PROTOCOL } from '#core/broker';
import { cpuTwin } from '#core/catalogue/cpu-twin';
import { lookup } from '#core/catalogue/lookup';
import { CHANGES, type Change } from '#core/changes';
import { serve, type Handlers } from '#core/callee';
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import { BUSY_LOCK } from '#core/locks';
import type { HostMethods, HostPortMethods, RunnerMethods } from '#core/methods';
import { NetworkGate } from '#core/network-gate';
import { whyNoWebGpu } from '#core/webgpu-probe';
import { holdLock } from '#store/hold-lock';
import { openStore } from '#store/open-store';
import { answerFetch } from './answer-fetch';
import { Disturbances, Sight } from './disturbances';
import { EngineNotes } from './engine-notes';
import { giveBlob } from './give-blob';
import { deviceReader } from './limits/device';
import { limitsReader } from './limits/limits';
import { openBench } from './open-bench';
import { openQueue } from './open-queue';
import { Access } from './registry/access';
import { RegistryDb } from './registry/db';
import { Registry } from './registry/registry';
import { Sources } from './registry/sources/sources';
import { pullerStarter } from './registry/start-puller';
import type { RunnerPort } from './scheduler/runner-process';
import { Scheduler } from './scheduler/scheduler';
import { createHandle } from './server/handle';

/** What changes nothing. */
const HARMLESS = new Set(['GET', 'HEAD']);

/** `end` ends this worker: called when another host takes its place by force. */
export function openHost(end: () => void): Handlers<HostMethods> {
  let answer: Handlers<HostPortMethods>['fetch'] | undefined;
  let openBlob: Handlers<HostPortMethods>['blob'] | undefined;
  let ownLock = '';
  const disturbances = new Disturbances();
  const sight = new Sight(disturbances);
  const forAll: Handlers<HostPortMethods> = {
    hello: () => Promise.resolve({ lock: ownLock, protocol: PROTOCOL }),
    fetch(params, context) {
      const work = async () => {
        if (!answer) throw new PaddockError('internal', 'The host has not started.');
        await answer(params, context);
      };
      if (HARMLESS.has(params.method)) return work();
      // The site is not replaced in the middle of a reply or a transfer, whoever asked for it. And in the mailbox of
      // a host that thaws, the cancel that follows the call, or the theft of our lock, is heard of first.
      return navigator.locks.request(BUSY_LOCK, { mode: 'shared', signal: context.signal }, work);
    },
    async blob(params, context) {
      if (!openBlob) throw new PaddockError('internal', 'The host has not started.');
      return openBlob(params, context);
    },
  };
  return {
    ...forAll,
    async start({ siteUrl, lock, networkOff }) {
      const { handle, registry, pulls } = await open(
        siteUrl,
        new NetworkGate({ siteUrl, off: networkOff }),
        disturbances,
      );
      openBlob = (params) => giveBlob(registry, params);
      answer = (params, context) => answerFetch(handle, siteUrl, params, context);
      // Last: others take a host that holds its lock and does not answer for a frozen one.
      await holdLock(lock, end);
      ownLock = lock;
      await pulls.begin();
    },
    online: () => Promise.resolve(void dispatchEvent(new Event('online'))),
    visible: (visible) => Promise.resolve(sight.tell(visible)),
    attach({ port }) {
      const cancelAll = serve<HostPortMethods>(port, {
        ...forAll,
        hello(asker, context) {
          if (asker) {
            void navigator.locks.request(asker.lock, () => {
              cancelAll();
              port.close();
            });
          }
          return forAll.hello(asker, context);
        },
      });
      return Promise.resolve();
    },
  };
}

/** Every tab lists models and downloads, and a user of the API may change them too. */
function tellTabs(change: Change): () => void {
  const channel = new BroadcastChannel(CHANGES);
  return () => channel.postMessage(change);
}

async function open(siteUrl: string, network: NetworkGate, disturbances: Disturbances) {
  const busy = () => disturbances.begin('busy');
  const db = new RegistryDb();
  const access = new Access({ db, siteUrl, connect: __PADDOCK_CONNECT_SRC__ });
  const limits = limitsReader();
  const tellInstalled = tellTabs({ type: 'models', which: 'installed' });
  const notes = new EngineNotes(db, () => Date.now());
  const startNoted = () => ({ ...startRunner(), notes });
  const store = await openStore();
  const registry = await Registry.open({
    store,
    db,
    source: new Sources({ access, fetch: network.fetch, lookup }),
    startPuller: pullerStarter(network),
    adapter: async () => (await limits.read()).adapter,
    onRefused: (url) => network.note(url),
    changed: () => {
      tellInstalled();
      pulls.forgetGone().catch((error: unknown) => console.warn('Not looked up:', error));
    },
  });
  const pulls = openQueue({ registry, db, network, changed: tellTabs({ type: 'pulls' }), busy });
  const scheduler = new Scheduler({
    startRunner: startNoted,
    now: () => Date.now(),
    limits: () => limits.read(),
    changed: tellTabs({ type: 'models', which: 'running' }),
    twinOf: cpuTwin,
    busy,
  });
  const timestamp = () => new Date().toISOString();
  const versions = {
    paddock: __PADDOCK_VERSION__,
    protocol: PROTOCOL,
    webllm: __PADDOCK_ENGINES__.webllm,
    wllama: __PADDOCK_ENGINES__.wllama,
  };
  const device = deviceReader({ limits, store, versions, timestamp });
  const bench = openBench({
    startRunner: startNoted,
    scheduler,
    disturbances,
    db,
    device,
    timestamp,
  });
  const handle = createHandle(
    {
      registry,
      access,
      scheduler,
      pulls,
      bench,
      disturbances,
      network,
      limits: () => limits.read(),
      device,
      noWebGpu: once(whyNoWebGpu),
      version: __PADDOCK_VERSION__,
      now: () => performance.now(),
      timestamp,
    },
    siteUrl,
  );
  return { handle, registry, pulls };
}

/** `work`, asked for at most once. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

function startRunner(): RunnerPort {
  const worker = new Worker(new URL('../runner/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-runner',
  });
  const caller = new Caller<RunnerMethods>(worker);
  // A worker that cannot be loaded, or throws outside a call, answers nothing any more.
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    worker.terminate();
    const why = event.message || 'its script could not be loaded';
    caller.fail(new PaddockError('runner_died', `The runner stopped: ${why}.`));
  });
  return {
    caller,
    terminate: () => worker.terminate(),
    whenFree: (lock) => navigator.locks.request(lock, () => {}),
  };
}
