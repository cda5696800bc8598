/** Nucleus sampling. Source: Holtzman et al., "The Curious Case of Neural Text Degeneration". */
import type { Candidates } from './candidates';

/** Buckets of 1/32 of a natural logarithm: all that lies over 32 below the largest shares the last one. */
const BUCKETS = 1024;
const BUCKETS_PER_UNIT = 32;
/** e to the power of each bucket's upper border. */
const BORDER_WEIGHTS = Float64Array.from({ length: BUCKETS }, (_, bucket) =>
  Math.exp(-bucket / BUCKETS_PER_UNIT),
);

/**
 * Keeps the fewest likeliest tokens whose probabilities sum to `p` or more; 1 keeps all, and one always stays.
 * Probabilities are gathered in buckets by logit, and only the bucket in which the sum reaches `p` is sorted: the
 * whole of 152k tokens takes a pass, not a sort.
 */
export function topP(candidates: Candidates, p: number): void {
  if (p >= 1) return;
  const largest = candidates.largest();
  const mass = new Float64Array(BUCKETS);
  let total = 0;
  for (let place = 0; place < candidates.size; place++) {
    const below = largest - candidates.logits[place]!;
    const bucket = bucketOf(below);
    const weight = weightOf(below, bucket);
    mass[bucket]! += weight;
    total += weight;
  }

  let sum = 0;
  let border = 0;
  while (border < BUCKETS - 1 && sum + mass[border]! < p * total) sum += mass[border++]!;

  const before = leaveBorderLast(candidates, largest, border);
  candidates.sortFrom(before);
  for (let place = before; place < candidates.size; place++) {
    sum += Math.exp(candidates.logits[place]! - largest);
    if (sum >= p * total) candidates.size = place + 1;
  }
}

/** Leaves what lies above `border`, then what lies in it, and gives the place of the first of those. */
function leaveBorderLast(candidates: Candidates, largest: number, border: number): number {
  const { ids, logits, size } = candidates;
  const inside: number[] = [];
  let before = 0;
  for (let place = 0; place < size; place++) {
    const bucket = bucketOf(largest - logits[place]!);
    if (bucket > border) continue;
    if (bucket === border) {
      inside.push(ids[place]!, logits[place]!);
      continue;
    }
    ids[before] = ids[place]!;
    logits[before++] = logits[place]!;
  }
  candidates.size = before;
  for (let i = 0; i < inside.length; i += 2) candidates.add(inside[i]!, inside[i + 1]!);
  return before;
}

function bucketOf(below: number): number {
  return Math.min(BUCKETS - 1, below * BUCKETS_PER_UNIT) | 0;
}

/**
 * e^-below to within 3e-10 of itself, 0 in the last bucket: the bucket's border and five terms of the series for the
 * rest. `Math.exp` would take half of the time that the whole stage may.
 */
function weightOf(below: number, bucket: number): number {
  if (bucket === BUCKETS - 1) return 0;
  const x = bucket / BUCKETS_PER_UNIT - below;
  return BORDER_WEIGHTS[bucket]! * (1 + x * (1 + x * (1 / 2 + x * (1 / 6 + x / 24))));
}
