/** The worker that searches the chats: started at the first search, and there until the page goes. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { SearchMethods } from '#core/search/methods';
import { allowOwnWorkers } from '$lib/client/trusted-types';

let running: Caller<SearchMethods> | undefined;

/** One that died is started again; what was asked of it fails with `internal`. */
export function searcher(): Caller<SearchMethods> {
  if (running) return running;
  allowOwnWorkers();
  const worker = new Worker(new URL('../../../workers/search/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-search',
  });
  const caller = new Caller<SearchMethods>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    worker.terminate();
    if (running === caller) running = undefined;
    const why = event.message || 'its script did not load';
    caller.fail(new PaddockError('internal', `The chats could not be searched: ${why}.`));
  });
  return (running = caller);
}
