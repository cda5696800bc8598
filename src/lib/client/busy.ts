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
 * Runs `work`, which leads to a reload, as soon as nothing is under way in any tab; `onWait` is called once when
 * that is not now. It does not queue for the lock, or every reply after it would wait behind it.
 * `signal` calls it off, without an error.
 */
export async function whenIdle(
  work: () => void,
  onWait = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const begin = async (lock: Lock | null) => {
    if (signal?.aborted) return true;
    if (!lock) return false;
    work();
    await wait(HOLD);
    return true;
  };
  for (let looks = 0; ; looks++) {
    if (await navigator.locks.request(BUSY_LOCK, { ifAvailable: true }, begin)) return;
    if (looks === 0) onWait();
    await wait(LOOK_AGAIN);
  }
}

/** Reloads this tab as `whenIdle` says: its host may answer other tabs. `signal` calls it off. */
export function reloadWhenIdle(onWait: () => void, signal?: AbortSignal): void {
  const failed = (error: unknown) => console.warn('The page is not reloaded:', error);
  whenIdle(() => location.reload(), onWait, signal).catch(failed);
}
