/** The quickest of some variants, by time on a clock: rounds in turn, so that what disturbs one disturbs all. */
import { percentile } from '#core/statistics';

export interface Racer<V> {
  variant: V;
  /** Resolves when it has been done this many times. */
  run(times: number): Promise<void>;
}

export interface Watch {
  /** Milliseconds. */
  now(): number;
}

/**
 * Milliseconds that a round takes at least, where the budget allows it: clocks of browsers step by 0.1 ms, and to hear
 * of a queue's end takes as long as some dispatches.
 */
const ROUND_MS = 4;
/** Rounds below which nothing is known. */
const FEWEST = 3;
const MOST = 9;
/** What takes this many times as long as the default, and milliseconds, is left out at once. */
const HOPELESS = 4;
/** A variant takes the default's place if it needs less than this of its time. */
const BETTER = 0.95;

/**
 * The first of `racers` is the default, which stays unless another one's median is more than 5 % shorter, and where
 * the budget is too small to tell. Ends in `budgetMs`, but for the run that is under way then.
 */
export async function race<V>(
  racers: readonly Racer<V>[],
  budgetMs: number,
  watch: Watch,
): Promise<V> {
  const [first] = racers;
  if (racers.length < 2) return first!.variant;
  const end = watch.now() + budgetMs;
  const timed = async ({ run }: Racer<V>, times: number) => {
    const started = watch.now();
    await run(times);
    return watch.now() - started;
  };
  const left: Racer<V>[] = [];
  let once = 0;
  for (const racer of racers) {
    await timed(racer, 1); // the first time pays for what is made then
    if (watch.now() > end) return first!.variant;
    const took = await timed(racer, 1);
    if (racer === first) once = took;
    if (took <= HOPELESS * Math.max(once, 1)) left.push(racer);
    if (watch.now() > end) return first!.variant;
  }
  let times = 1;
  while (once < ROUND_MS && 4 * once * left.length * FEWEST < end - watch.now() && times < 4096) {
    times *= 4;
    once = await timed(first!, times);
  }
  const rounds: number[][] = left.map(() => []);
  for (let round = 0; round < MOST; round++) {
    for (const [at, racer] of left.entries()) {
      if (watch.now() > end) return best(left, rounds);
      rounds[at]!.push(await timed(racer, times));
    }
  }
  return best(left, rounds);
}

function best<V>(racers: readonly Racer<V>[], rounds: readonly number[][]): V {
  const fallback = racers[0]!.variant;
  const whole = Math.min(...rounds.map(({ length }) => length));
  if (whole < FEWEST) return fallback;
  const medians = rounds.map((times) => percentile(times.slice(0, whole), 0.5));
  const quickest = medians.indexOf(Math.min(...medians));
  return medians[quickest]! < BETTER * medians[0]! ? racers[quickest]!.variant : fallback;
}
