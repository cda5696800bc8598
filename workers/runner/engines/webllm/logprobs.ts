/**
 * The model's own probabilities, as Ollama gives them: of the logits before web-llm changes them by a grammar, bias,
 * penalties and temperature. web-llm's own place to look at them is behind its grammar.
 */
import type { Logprob, TokenLogprob } from '#core/engine';
import type { TextPipeline } from './pipeline';
import type { TokenBytes } from './token-bytes';

export class LogprobObserver {
  readonly #bytes: TokenBytes;
  readonly #top: number;
  /** Of the token that was chosen last. */
  last: TokenLogprob | undefined;

  /** @param top likeliest tokens to give */
  constructor(bytes: TokenBytes, top: number) {
    this.#bytes = bytes;
    this.#top = top;
  }

  /** Sees each token that `pipeline` chooses, until the function that it gives back is called. */
  watch(pipeline: TextPipeline): () => void {
    const sample = pipeline.sampleFromRawLogits;
    pipeline.sampleFromRawLogits = async (logits, generation) => {
      pipeline.tvm.beginScope();
      const read = pipeline.updateLogitsOnCPU(logits);
      pipeline.tvm.endScope();
      await pipeline.sync();
      const own = read.toArray();
      const token = await sample.call(pipeline, logits, generation);
      this.#see(own, token);
      return token;
    };
    return () => {
      pipeline.sampleFromRawLogits = sample;
    };
  }

  #see(logits: Float32Array, token: number): void {
    const sum = logSum(logits);
    const named = (id: number) => this.#named(id, logits[id]! - sum);
    this.last = { ...named(token), top_logprobs: likeliest(logits, this.#top).map(named) };
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
