/** Whether a repetition counts: what its own figures, and two clocks, say of it. */
import { flagsOf } from '#core/bench/flags';
import type { BenchTest, RedoReason, Sample } from '#core/bench/run';

/** Milliseconds by which two clocks may differ: people's clocks are set right by less, and who slept did so for longer. */
const ASTRAY_MS = 1000;
/** A share of what the host saw: a runner's clock that shows more than this above it runs fast. */
const FASTER = 0.05;

export interface Clocks {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since the epoch. */
  wallClock(): number;
}

/** Begins to watch the clocks; the result says what is wrong with the repetition that ended meanwhile. */
export function guardSample(
  clocks: Clocks,
): (test: BenchTest, sample: Sample) => RedoReason | null {
  const begun = clocks.now();
  const parted = guardClocks(clocks);
  return (test, sample) => {
    const wrong = parted();
    if (wrong) return wrong;
    if (isClockWrong(sample, clocks.now() - begun)) return 'clock';
    return isCached(test, sample) ? 'cached' : null;
  };
}

/** Begins to watch the clocks; the result says whether they parted meanwhile. */
export function guardClocks(clocks: Clocks): () => RedoReason | null {
  const begun = readBoth(clocks);
  return () => {
    const ended = readBoth(clocks);
    const apart = ended.wall - begun.wall - (ended.now - begun.now);
    return Math.abs(apart) > ASTRAY_MS ? 'clock' : null;
  };
}

function readBoth({ now, wallClock }: Clocks) {
  return { now: now(), wall: wallClock() };
}

/** It stood still while tokens came, or ran ahead of the host's. */
function isClockWrong({ firstTokenMs, laterMs, laterTokens }: Sample, seen: number): boolean {
  const stood = firstTokenMs <= 0 || (laterTokens > 1 && laterMs <= 0);
  return stood || firstTokenMs + laterMs > seen * (1 + FASTER) + ASTRAY_MS;
}

/** Other tokens came from a cache than those that were meant to. */
function isCached(test: BenchTest, sample: Sample): boolean {
  const one = { test, samples: [sample], redone: [], abandoned: [] };
  const flags = flagsOf(one, { clockMs: 0, agreement: null, proof: null });
  return flags.some(({ name }) => name === 'cached');
}
