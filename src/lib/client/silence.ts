/** Tells a silent host from a tab of ours that slept. */

/** Milliseconds between two looks at the clock. */
const TICK_MS = 500;

/** A tick that took longer: this tab was asleep or starved. Hidden tabs' timers come once a second. */
const ASLEEP_MS = 1500;

/**
 * True when `answer` has neither come nor failed for `ms` in which this tab was awake throughout: after a
 * tick that came late, the time is measured anew.
 */
export async function isSilent(answer: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = answer.then(
    () => true,
    () => true,
  );
  for (let left = ms; left > 0;) {
    const began = performance.now();
    if (await Promise.race([settled, tick()])) return false;
    left = performance.now() - began > ASLEEP_MS ? ms : left - TICK_MS;
  }
  return true;
}

function tick(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), TICK_MS));
}
