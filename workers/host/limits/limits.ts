/** The device's limits as the host answers them: measured once, the free storage each time. */
import type { MeasuredLimits } from '#core/methods';
import type { DeviceLimits } from '#core/paddock-api';
import { freeBytes } from '#store/storage-error';
import { callWorker } from './call-worker';

/** In a worker that ends. `slow`: as in `MeasureMethods`. */
export type Measure = (slow: boolean | null) => Promise<MeasuredLimits>;

export interface Limits {
  /** Asks until it was answered once. @throws PaddockError `internal` */
  read(): Promise<DeviceLimits>;
  /** What was measured, and what of it failed; measured anew with `again`. */
  detailed(again: boolean): Promise<MeasuredLimits>;
}

export function limitsReader(
  measure: Measure = (slow) => callWorker('measure', { slow }),
  free: () => Promise<number | null> = freeBytes,
): Limits {
  let known: Promise<MeasuredLimits> | undefined;
  /** Of the one contest of adapter and CPU; null before it. */
  let slow: boolean | null = null;
  /** Why it was not held to its end; true as long as its outcome is. */
  let contest: Pick<MeasuredLimits['failed'], 'contest'> = {};

  const measured = () => {
    if (known) return known;
    const asked = measure(slow).then(({ limits, failed }) => {
      if (failed.contest !== undefined) contest = { contest: failed.contest };
      // Where there was no software adapter there was no contest.
      if (limits.adapter?.software) slow ??= limits.adapter.slow;
      return { limits, failed: { ...contest, ...failed } };
    });
    known = asked;
    asked.catch(() => {
      if (known === asked) known = undefined;
      // Perhaps the contest held the worker up: an adapter that does is slow.
      slow ??= true;
    });
    return asked;
  };

  return {
    read: async () => ({ ...(await measured()).limits, free_storage: await free() }),
    async detailed(again) {
      if (again) {
        await known?.catch(() => {}); // whoever asked for that one hears of it; its contest is the only one
        known = undefined;
      }
      return measured();
    },
  };
}
