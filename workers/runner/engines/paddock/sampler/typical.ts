/** Source: Meister et al., "Locally Typical Sampling". */
import type { Candidates } from './candidates';
import { placesByScore } from './order';

/**
 * Keeps the tokens whose surprise (-ln of their probability) is nearest to the expected one, until their
 * probabilities sum to more than `p`; 1 keeps all, and one always stays. It sorts all candidates: with top_k = 0
 * that is the vocabulary.
 */
export function typical(candidates: Candidates, p: number): void {
  if (p >= 1) return;
  const { size, logits } = candidates;
  const largest = candidates.largest();
  let total = 0;
  for (let place = 0; place < size; place++) total += Math.exp(logits[place]! - largest);
  const shift = largest + Math.log(total);

  let entropy = 0;
  for (let place = 0; place < size; place++) {
    const log = logits[place]! - shift;
    entropy -= Math.exp(log) * log;
  }
  const distance = new Float32Array(size);
  for (let place = 0; place < size; place++) {
    distance[place] = Math.abs(shift - logits[place]! - entropy);
  }

  const chosen = new Uint8Array(size);
  let sum = 0;
  for (const place of placesByScore(distance)) {
    chosen[place] = 1;
    sum += Math.exp(logits[place]! - shift);
    if (sum > p) break;
  }
  candidates.keep((_, place) => chosen[place] === 1);
}
