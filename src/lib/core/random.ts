/**
 * A small generator of random numbers, the same in every browser.
 * Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (xoshiro128**); its state is
 * filled by SplitMix64, as they advise (prng.di.unimi.it).
 */
export class Xoshiro128 {
  readonly #state: Uint32Array;

  /** `state`: four words, not all zero. */
  constructor(state: Uint32Array) {
    this.#state = state;
  }

  /** A generator of the whole number `seed`. */
  static of(seed: number): Xoshiro128 {
    const next = splitMix64(BigInt(seed));
    const [a, b] = [next(), next()];
    return new Xoshiro128(
      Uint32Array.of(Number(a & LOW), Number(a >> 32n), Number(b & LOW), Number(b >> 32n)),
    );
  }

  /** A generator that nobody can repeat. */
  static unseeded(): Xoshiro128 {
    return new Xoshiro128(crypto.getRandomValues(new Uint32Array(4)));
  }

  /** A whole number of 32 bits. */
  next(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return result;
  }

  /** In [0, 1), in steps of 2^-32. */
  uniform(): number {
    return this.next() / 0x1_0000_0000;
  }
}

const LOW = 0xffff_ffffn;

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators". */
export function splitMix64(seed: bigint): () => bigint {
  let state = seed;
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  };
}
