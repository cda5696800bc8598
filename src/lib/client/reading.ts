/** The worker that reads formulas and code, one at a time, and none for longer than a reader waits. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { ReadingMethods } from '#core/reading';
import { within } from '#core/within';

/** Milliseconds: a formula takes 1 to 200, 50 kB of code some 100, ten times that on a busy phone. */
const PATIENCE = 2000;

type Part = 'math' | 'code';

let running: { worker: Worker; caller: Caller<ReadingMethods> } | undefined;
let last: Promise<unknown> = Promise.resolve();

function start(): Caller<ReadingMethods> {
  const worker = new Worker(new URL('../../../workers/reading/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-reading',
  });
  const caller = new Caller<ReadingMethods>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    end(worker, event.message || 'Its script did not load.');
  });
  running = { worker, caller };
  return caller;
}

function end(worker: Worker, why: string): void {
  worker.terminate();
  if (running?.worker !== worker) return;
  running.caller.fail(new PaddockError('internal', why));
  running = undefined;
}

async function answer<K extends Part>(part: K, params: ReadingMethods[K]['params']) {
  const caller = running?.caller ?? start();
  await caller.call('prepare', part).result;
  return within(PATIENCE, caller.call(part, params).result, () => {
    if (running) end(running.worker, 'It took too long.');
    return null;
  });
}

/** Null where it cannot be read, or takes too long; the text itself is what the reader has then. */
export function read<K extends Part>(
  part: K,
  params: ReadingMethods[K]['params'],
): Promise<ReadingMethods[K]['result'] | null> {
  // A worker that does not start or fails leaves the text as it is; the next call starts another.
  const result = last.then(() => answer(part, params)).catch(() => null);
  last = result;
  return result;
}
