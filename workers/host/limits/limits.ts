/** The device's limits as the host answers them: measured once, the free storage each time. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { MeasureMethods } from '#core/methods';
import type { DeviceLimits } from '#core/paddock-api';
import { freeBytes } from '#store/storage-error';
import type { Measured } from './measure';

/** A function that asks `measured` until it has answered once. @throws PaddockError `internal` */
export function limitsReader(
  measured: () => Promise<Measured> = measureInWorker,
  free: () => Promise<number | null> = freeBytes,
): () => Promise<DeviceLimits> {
  let known: Promise<Measured> | undefined;
  return async () => {
    known ??= measured().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return { ...(await known), free_storage: await free() };
  };
}

async function measureInWorker(): Promise<Measured> {
  const worker = new Worker(new URL('./main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-limits',
  });
  const caller = new Caller<MeasureMethods>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const why = event.message || 'its script did not load';
    caller.fail(new PaddockError('internal', `The limits could not be measured: ${why}.`));
  });
  try {
    return await caller.call('measure', null).result;
  } finally {
    worker.terminate();
  }
}
