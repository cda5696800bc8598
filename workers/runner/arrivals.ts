/** When the tokens of a reply came. */
import type { Sample } from '#core/bench/run';

/** Arrivals from which on one can be left out. */
const SOME = 3;

export class Arrivals {
  readonly #begun: number;
  readonly #at: number[] = [];
  readonly #tokens: number[] = [];

  /** @param begun when the reply was asked for, in milliseconds of the clock by which the tokens come */
  constructor(begun: number) {
    this.#begun = begun;
  }

  add(at: number, tokens: number): void {
    this.#at.push(at);
    this.#tokens.push(tokens);
  }

  /**
   * @param ended when the reply had ended, by the same clock
   *
   * The last arrival is in no rate: llama.cpp's server hands each token out a step late, and the last two together,
   * which would make 33 tokens 3 % faster than they came.
   */
  times(
    ended: number,
  ): Pick<Sample, 'firstTokenMs' | 'tokens' | 'laterTokens' | 'laterMs' | 'endMs'> {
    const [first = this.#begun] = this.#at;
    const counted = this.#at.length >= SOME ? -1 : undefined;
    const last = this.#at.slice(0, counted).at(-1) ?? first;
    return {
      firstTokenMs: first - this.#begun,
      tokens: sum(this.#tokens),
      laterTokens: sum(this.#tokens.slice(1, counted)),
      laterMs: last - first,
      endMs: ended - this.#begun,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
