/** The model's own probabilities, looked at before web-llm changes the logits by bias, penalties and temperature. */
import type { Logprob, TokenLogprob } from '#core/engine';
import type { LogitObserver } from './pipeline';
import type { TokenBytes } from './token-bytes';

export class LogprobObserver implements LogitObserver {
  readonly #bytes: TokenBytes;
  readonly #top: number;
  #logits = new Float32Array();
  /** Of the token that was chosen last. */
  last: TokenLogprob | undefined;

  /** @param top likeliest tokens to give */
  constructor(bytes: TokenBytes, top: number) {
    this.#bytes = bytes;
    this.#top = top;
  }

  processLogits(logits: Float32Array): Float32Array {
    this.#logits = Float32Array.from(logits);
    return logits;
  }

  processSampledToken(token: number): void {
    const logits = this.#logits;
    const sum = logSum(logits);
    const named = (id: number) => this.#named(id, logits[id]! - sum);
    this.last = { ...named(token), top_logprobs: likeliest(logits, this.#top).map(named) };
  }

  resetState(): void {
    this.last = undefined;
  }

  #named(token: number, logprob: number): Logprob {
    const bytes = this.#bytes.bytes(token);
    return { token: new TextDecoder().decode(bytes), bytes: [...bytes], logprob };
  }
}

/** The logarithm of the sum of the exponentials. */
function logSum(logits: Float32Array): number {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}

/** The places of the largest values, the largest first. */
function likeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  for (let at = 0; at < logits.length; at++) {
    if (best.length === count && logits[at]! <= logits[best[count - 1]!]!) continue;
    let place = best.length;
    while (place > 0 && logits[best[place - 1]!]! < logits[at]!) place--;
    best.splice(place, 0, at);
    best.length = Math.min(best.length, count);
  }
  return best;
}
