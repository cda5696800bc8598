/** The worker that reads and packs files with chats. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { ExchangeMethods } from '#core/exchange/methods';
import { allowOwnWorkers } from '$lib/client/trusted-types';

/** Runs `work` with a worker of its own, which ends with it. @throws PaddockError `internal` where it does not start */
export async function withExchange<T>(
  work: (worker: Caller<ExchangeMethods>) => Promise<T>,
): Promise<T> {
  allowOwnWorkers();
  const worker = new Worker(new URL('../../../workers/exchange/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-exchange',
  });
  const caller = new Caller<ExchangeMethods>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const why = event.message || 'its script did not load';
    caller.fail(new PaddockError('internal', `The file could not be worked on: ${why}.`));
  });
  try {
    return await work(caller);
  } finally {
    worker.terminate();
  }
}
