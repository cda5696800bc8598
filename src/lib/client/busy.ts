/** An update of the site waits for this lock (see `offline.ts`). */
const BUSY_LOCK = 'paddock-busy';

/** Runs `work`, a reply or a transfer, during which the site is not replaced by a newer one. */
export function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(BUSY_LOCK, { mode: 'shared' }, work);
}
