/** Starts a puller's worker. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { PullerMethods } from '#core/methods';
import type { Puller } from './context';

export function startPuller(): Puller {
  const worker = new Worker(new URL('../../puller/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-puller',
  });
  const caller = new Caller<PullerMethods>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const why = event.message || 'its script did not load';
    caller.fail(new PaddockError('internal', `The download worker stopped: ${why}.`));
  });
  return { caller, terminate: () => worker.terminate() };
}
