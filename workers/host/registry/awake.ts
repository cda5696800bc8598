/** Notices that the network may be there again. */

/** Milliseconds between two looks at the clock. */
const TICK_MS = 15_000;

/** A tick that took longer: the device slept. Timers of hidden tabs come once a minute. */
const ASLEEP_MS = 90_000;

/** Calls `listener` when the page says that the browser is online again (see `HostMethods`), and after a sleep. */
export function onAwake(listener: () => void): void {
  globalThis.addEventListener('online', listener);
  let seen = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - seen > ASLEEP_MS) listener();
    seen = now;
  }, TICK_MS);
}
