/** A worker for one measurement, ended with it. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { MeasureMethods } from '#core/methods';
import { within } from '#core/within';

/** Milliseconds: what a worker does ends by itself within 15 s, unless the browser's graphics hold it up. */
const PATIENCE = 20_000;

/** @throws PaddockError `internal` when the worker does not start, fails or hangs; `aborted`, and then it has ended */
export async function callWorker<K extends keyof MeasureMethods>(
  method: K,
  params: MeasureMethods[K]['params'],
  signal?: AbortSignal,
): Promise<MeasureMethods[K]['result']> {
  const worker = new Worker(new URL('./main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-limits',
  });
  const caller = new Caller<MeasureMethods>(worker);
  const failure = (why: string) =>
    new PaddockError('internal', `The device could not be measured: ${why}.`);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    caller.fail(failure(event.message || 'its script did not load'));
  });
  try {
    return await within(PATIENCE, caller.call(method, params, { signal }).result, () => {
      throw failure(`no answer for ${PATIENCE / 1000} s`);
    });
  } finally {
    worker.terminate();
  }
}
