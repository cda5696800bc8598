/** The choice itself. */
import type { Candidates } from './candidates';

/**
 * One of the candidates, by the softmax of their logits over `temperature` (above 0).
 * `uniform` is in [0, 1).
 */
export function draw(candidates: Candidates, temperature: number, uniform: number): number {
  const { ids, logits, size } = candidates;
  const largest = candidates.largest();
  let total = 0;
  const sums = new Float64Array(size);
  for (let place = 0; place < size; place++) {
    total += Math.exp((logits[place]! - largest) / temperature);
    sums[place] = total;
  }
  const wanted = uniform * total;
  let place = 0;
  while (place < size - 1 && sums[place]! <= wanted) place++;
  return ids[place]!;
}

/** The token of the largest logit, of equal ones the lowest; -1 where no logit is a number above -∞. */
export function likeliest(logits: Float32Array): number {
  let best = -1;
  let largest = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! > largest) {
      largest = logits[id]!;
      best = id;
    }
  }
  return best;
}
