/** How fine this worker's clock is. Browsers make it coarse: 0.005 ms in an isolated page, 0.1 in another, 1 in some. */

/** Milliseconds of readings: some steps of the coarsest clock. */
const LONG_ENOUGH = 20;

/** Readings of a clock that moves not at all, such as one of a debugger's: half a second of them. */
const MOST = 5_000_000;

let known: number | undefined;

/** Milliseconds: the smallest step that the clock was seen to make, 0: it made none; measured once. */
export function clockStep(): number {
  return (known ??= leastStep(() => performance.now(), LONG_ENOUGH));
}

/** The smallest step of `now` in readings over `ms` of its milliseconds; 0 where it stands still. */
export function leastStep(now: () => number, ms: number): number {
  const begun = now();
  let least = Infinity;
  for (let before = begun, read = 0; before - begun < ms && read < MOST; read++) {
    const next = now();
    if (next > before) least = Math.min(least, next - before);
    before = next;
  }
  return Number.isFinite(least) ? least : 0;
}
