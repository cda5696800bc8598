/** The queue of downloads as the host has it: over the registry, told of in all tabs, and awake to the network. */
import { BUSY_LOCK } from '#core/locks';
import type { NetworkGate } from '#core/network-gate';
import { onAwake } from './registry/awake';
import type { RegistryDb } from './registry/db';
import { PullQueue } from './registry/queue';
import type { Registry } from './registry/registry';

export interface OpenQueueOptions {
  registry: Registry;
  db: RegistryDb;
  network: NetworkGate;
  /** Called when a pull comes, goes, or changes its state. */
  changed: () => void;
  /** As `PullQueueOptions` has it. */
  busy: () => () => void;
}

/** A queue that has not begun: `begin` goes on with what an earlier host left. */
export function openQueue({ registry, db, network, changed, busy }: OpenQueueOptions): PullQueue {
  const queue = new PullQueue({
    pull: (target, signal, watch) => registry.pull(target, signal, watch),
    discard: (digests) => registry.discard(digests),
    get: (name) => registry.get(name),
    db,
    whileBusy: (work, signal) =>
      navigator.locks.request(BUSY_LOCK, { mode: 'shared', signal }, work),
    now: () => Date.now(),
    changed,
    busy,
  });
  onAwake(() => queue.retry('network'));
  network.onSwitch((off) => {
    if (!off) queue.retry('network_off');
  });
  return queue;
}
