/** From logits to the next token: the stages in llama.cpp's default order. */
import { Candidates } from './candidates';
import { draw, likeliest } from './draw';
import { noNumber } from './faults';
import { likeliestTokens, logSumExp, type TokenProbability } from './log-probabilities';
import { minP } from './min-p';
import { Penalties } from './penalties';
import type { SamplerSettings } from './settings';
import { topK } from './top-k';
import { topP } from './top-p';
import { typical } from './typical';
import { Uniforms } from './uniforms';

export interface Choice {
  token: number;
  /** When asked for. */
  logprobs?: { chosen: number; top: TokenProbability[] };
}

/** One reply's sampler. */
export class Sampler {
  readonly #settings: SamplerSettings;
  readonly #penalties: Penalties;
  readonly #uniforms: { take(): number };
  readonly #candidates: Candidates;

  /** `vocabulary` and `contextLength` in tokens; the latter is what a `repeat_last_n` of -1 means. */
  constructor(
    settings: SamplerSettings,
    vocabulary: number,
    contextLength: number,
    uniforms: { take(): number } = new Uniforms(settings.seed),
  ) {
    this.#settings = settings;
    this.#penalties = new Penalties({
      window: settings.repeatLastN < 0 ? contextLength : settings.repeatLastN,
      repeat: settings.repeatPenalty,
      presence: settings.presencePenalty,
      frequency: settings.frequencyPenalty,
    });
    this.#uniforms = uniforms;
    this.#candidates = new Candidates(vocabulary);
  }

  /** The text's next token, of the prompt too: what the penalties look back on. */
  accept(token: number): void {
    this.#penalties.accept(token);
  }

  /**
   * Chooses from `logits` [vocabulary], and changes them.
   * @param restrict makes those of tokens that may not come -∞, behind bias and penalties
   * @throws PaddockError `engine_failed` when no logit is a number
   */
  choose(logits: Float32Array, restrict?: (logits: Float32Array) => void): Choice {
    const { logprobs } = this.#settings;
    if (logprobs < 0) return { token: this.#choose(logits, restrict) };
    const sum = logSumExp(logits);
    const top = likeliestTokens(logits, logprobs, sum);
    const raw = logits.slice();
    const token = this.#choose(logits, restrict);
    return { token, logprobs: { chosen: raw[token]! - sum, top } };
  }

  #choose(logits: Float32Array, restrict?: (logits: Float32Array) => void): number {
    const { bias, temperature } = this.#settings;
    for (const [token, added] of bias) if (token < logits.length) logits[token]! += added;
    this.#penalties.apply(logits);
    restrict?.(logits);
    return temperature > 0 ? this.#drawn(logits, temperature) : found(likeliest(logits));
  }

  #drawn(logits: Float32Array, temperature: number): number {
    const candidates = this.#candidates;
    topK(candidates, logits, this.#settings.topK);
    if (candidates.size === 0) return found(-1);
    typical(candidates, this.#settings.typicalP);
    topP(candidates, this.#settings.topP);
    minP(candidates, this.#settings.minP);
    return draw(candidates, temperature, this.#uniforms.take());
  }
}

function found(token: number): number {
  if (token >= 0) return token;
  throw noNumber();
}
