/** Prompts of any length, each another one, out of the tokens of a text: so there are no special tokens among them. */
import { Xoshiro128 } from '#core/random';

export class PromptDraw {
  readonly #tokens: readonly number[];
  readonly #random: Xoshiro128;
  /** What prompts have begun with: the next one begins with another, so no cache knows even its first token. */
  #begun = new Set<number>();

  /** `tokens`: of a text, one at least; `seed`: a whole number, whose prompts can be drawn again. */
  constructor(tokens: readonly number[], seed: number) {
    this.#tokens = tokens;
    this.#random = Xoshiro128.of(seed);
  }

  /** `count` tokens, 1 or more, each as likely as it is frequent in the text. */
  draw(count: number): number[] {
    const first = this.#first();
    return [first, ...Array.from({ length: count - 1 }, () => this.#any(this.#tokens))];
  }

  #first(): number {
    let fresh = this.#tokens.filter((token) => !this.#begun.has(token));
    if (fresh.length === 0) {
      this.#begun = new Set();
      fresh = [...this.#tokens];
    }
    const token = this.#any(fresh);
    this.#begun.add(token);
    return token;
  }

  #any(tokens: readonly number[]): number {
    return tokens[Math.floor(this.#random.uniform() * tokens.length)]!;
  }
}
