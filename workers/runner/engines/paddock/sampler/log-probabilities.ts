/** Log-probabilities of the model's own logits: before bias, penalties and temperature, as Ollama gives them. */
import { Candidates } from './candidates';
import { topK } from './top-k';

export interface TokenProbability {
  token: number;
  /** Natural logarithm. */
  logprob: number;
}

/** ln of the sum of e^logit: a token's log-probability is its logit less this. */
export function logSumExp(logits: Float32Array): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) if (logit > -Infinity) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}

/** The `count` likeliest tokens, the likeliest first; of equal ones the lower id. */
export function likeliestTokens(
  logits: Float32Array,
  count: number,
  sum: number,
): TokenProbability[] {
  if (count <= 0) return [];
  const top = new Candidates(Math.min(count, logits.length));
  topK(top, logits, count);
  return Array.from(top.ids.subarray(0, top.size), (token, place) => ({
    token,
    logprob: top.logits[place]! - sum,
  }));
}
