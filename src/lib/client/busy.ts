import { BUSY_LOCK } from '#core/locks';

/** Runs `work`, a reply or a transfer, during which the site is not replaced by a newer one. */
export function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(BUSY_LOCK, { mode: 'shared' }, work);
}

/** Milliseconds between two looks. */
const LOOK_AGAIN = 1000;

/** Milliseconds in which nothing new begins: the reload comes in them, or not at all. */
const HOLD = 10_000;

/**
 * Runs `work`, which leads to a reload, as soon as nothing is under way in any tab. It does not queue for the
 * lock, or every reply after it would wait behind it.
 */
export async function whenIdle(work: () => void): Promise<void> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const begin = async (lock: Lock | null) => {
    if (!lock) return false;
    work();
    await wait(HOLD);
    return true;
  };
  while (!(await navigator.locks.request(BUSY_LOCK, { ifAvailable: true }, begin))) {
    await wait(LOOK_AGAIN);
  }
}
