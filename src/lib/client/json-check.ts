/** The worker that checks replies against their schemas: started at the first, and there until the page goes. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { JsonCheckMethods, JsonVerdict } from '#core/json-check';
import { allowOwnWorkers } from '$lib/client/trusted-types';

/** A pattern that goes back and forth over a text may take for ever. */
const LIMIT_MS = 5000;

let running: { caller: Caller<JsonCheckMethods>; end: (why: string) => void } | undefined;

/** @param format the text of a schema; empty: any JSON. @throws PaddockError `internal` */
export async function checkJson(text: string, format: string): Promise<JsonVerdict> {
  const { caller, end } = (running ??= start());
  const timer = setTimeout(() => end('It takes too long.'), LIMIT_MS);
  try {
    return await caller.call('check', { text, format }).result;
  } finally {
    clearTimeout(timer);
  }
}

function start(): NonNullable<typeof running> {
  allowOwnWorkers();
  const worker = new Worker(new URL('../../../workers/schema/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-schema',
  });
  const caller = new Caller<JsonCheckMethods>(worker);
  const end = (why: string) => {
    worker.terminate();
    if (running?.caller === caller) running = undefined;
    caller.fail(new PaddockError('internal', why));
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    end(event.message || 'A script did not load.');
  });
  return { caller, end };
}
