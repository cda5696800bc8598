/** Source: Nguyen et al., "Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs". */
import type { Candidates } from './candidates';

/** Keeps the tokens at least `p` times as likely as the likeliest; 0 keeps all. */
export function minP(candidates: Candidates, p: number): void {
  if (p <= 0) return;
  const least = candidates.largest() + Math.log(Math.min(p, 1));
  candidates.keep((logit) => logit >= least);
}
