/** The random numbers of a reply, one a token. */
import { Xoshiro128 } from '#core/random';

export class Uniforms {
  readonly #random: Xoshiro128;
  /** Numbers that were looked at, and not taken. */
  readonly #ahead: number[] = [];
  #taken = 0;

  /** A `seed` of -1 is a new one each time. */
  constructor(seed: number) {
    this.#random = seed === -1 ? Xoshiro128.unseeded() : Xoshiro128.of(seed);
  }

  /** The next token's, in [0, 1). */
  take(): number {
    this.#taken++;
    return this.#ahead.shift() ?? this.#random.uniform();
  }

  /** Gives the numbers that are next one by one, and takes none: tokens that are thrown away cost none. */
  lookAhead(): () => number {
    let at = this.#taken;
    return () => {
      const place = at++ - this.#taken;
      while (this.#ahead.length <= place) this.#ahead.push(this.#random.uniform());
      return this.#ahead[place]!;
    };
  }
}
