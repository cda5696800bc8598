/** Penalties for tokens that the text has already, with the meanings of llama.cpp's. */

interface PenaltyOptions {
  /** Tokens that are looked back on; 0 is none. */
  window: number;
  /** A logit above 0 is divided by it, one below multiplied (Keskar et al., "CTRL", section 4.1); 1 is none. */
  repeat: number;
  /** Taken off once. */
  presence: number;
  /** Taken off for each time. */
  frequency: number;
}

export class Penalties {
  readonly #options: PenaltyOptions;
  readonly #recent: number[] = [];
  readonly #counts = new Map<number, number>();
  #oldest = 0;

  constructor(options: PenaltyOptions) {
    this.#options = options;
  }

  /** The text's next token, of the prompt too. */
  accept(token: number): void {
    const { window } = this.#options;
    if (window <= 0) return;
    this.#counts.set(token, (this.#counts.get(token) ?? 0) + 1);
    if (this.#recent.length < window) {
      this.#recent.push(token);
      return;
    }
    this.#forget(this.#recent[this.#oldest]!);
    this.#recent[this.#oldest] = token;
    this.#oldest = (this.#oldest + 1) % window;
  }

  apply(logits: Float32Array): void {
    const { repeat, presence, frequency } = this.#options;
    if (repeat === 1 && presence === 0 && frequency === 0) return;
    for (const [token, count] of this.#counts) {
      const logit = logits[token]!;
      const repeated = logit > 0 ? logit / repeat : logit * repeat;
      logits[token] = repeated - presence - frequency * count;
    }
  }

  #forget(token: number): void {
    const count = this.#counts.get(token)! - 1;
    if (count > 0) this.#counts.set(token, count);
    else this.#counts.delete(token);
  }
}
