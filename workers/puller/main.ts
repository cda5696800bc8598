/** The puller: one per transfer. Owns the unfinished blob until it is committed. */
import { serve } from '#core/callee';
import type { CheckMethods, PullerMethods } from '#core/methods';
import { NetworkGate } from '#core/network-gate';
import { openStore } from '#store/open-store';
import { browserEstimate } from '#store/storage-error';
import { checkBlob } from './check';
import { realClock } from './clock';
import { transfer } from './transfer';
import { LocalHash, WorkerHash } from './whole-hash';

/** Bytes: a smaller blob is hashed before another worker has started. */
const WORTH_A_WORKER = 8 * 1024 * 1024;

// Shut until the host has said what may be asked.
const gate = new NetworkGate({ siteUrl: location.href, off: true });

const store = openStore();
store.catch(() => {}); // whoever calls is told

const tools = {
  fetch: ((input, init) => gate.fetch(input, init)) satisfies typeof fetch,
  clock: realClock,
  estimate: browserEstimate,
  hash: async (size: number) => (size < WORTH_A_WORKER ? LocalHash.create() : new WorkerHash()),
};

serve<PullerMethods & CheckMethods>(self, {
  network: ({ off }) => Promise.resolve(gate.switch(off)),
  transfer: async (params, context) => transfer(params, context, { ...tools, store: await store }),
  check: async (params, context) => checkBlob(params, context, await store),
});
