/** Starts a puller's worker, which asks the network only what the host's gate lets through. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { CheckMethods, PullerMethods } from '#core/methods';
import type { NetworkGate } from '#core/network-gate';
import type { MethodTable } from '#core/protocol';
import type { Checker, Puller } from './context';

function start<M extends MethodTable<M>>() {
  const worker = new Worker(new URL('../../puller/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-puller',
  });
  const caller = new Caller<M>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const why = event.message || 'its script did not load';
    caller.fail(new PaddockError('internal', `The download worker stopped: ${why}.`));
  });
  return { worker, caller };
}

/** Hashes what is stored, and asks the network nothing. */
export function startChecker(): Checker {
  const { worker, caller } = start<CheckMethods>();
  return { caller, terminate: () => worker.terminate() };
}

export function pullerStarter(gate: NetworkGate): () => Puller {
  return () => {
    const { worker, caller } = start<PullerMethods>();
    const tell = (off: boolean) => {
      // Its failure is the worker's, and so the transfer's too, which reports it.
      caller.call('network', { off }).result.catch(() => {});
    };
    tell(gate.off);
    const forget = gate.onSwitch(tell);
    return {
      caller,
      terminate() {
        forget();
        worker.terminate();
      },
    };
  };
}
