/** Contexts below the one that did not fit: what a load tries next, and what it offers. */

/** Tokens below which a chat is of no use. */
export const SMALLEST = 512;
/** Tokens: contexts are made smaller by this much at a time. */
export const STEP = 256;

/** What `attempt` gives for the largest context below, in steps; undefined where it gives nothing for any. */
export function largestBelow<T>(
  context: number,
  attempt: (context: number) => T | undefined,
): T | undefined {
  let low = SMALLEST / STEP;
  let high = Math.ceil(context / STEP) - 1;
  let best: T | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = attempt(middle * STEP);
    if (found !== undefined) {
      best = found;
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}

/** Half as many tokens; undefined below what a chat needs. */
export function halfOf(context: number): number | undefined {
  const half = Math.floor(context / 2 / STEP) * STEP;
  return half < SMALLEST ? undefined : half;
}
