/** Which of nested lists to try next, so that few are tried before the longest that fits is known. */

/** Letters of a token, at most, for the first guess: a prompt that is rather too long than too short. */
const LETTERS = 8;
/** Guesses by counts; then what is left is halved each time, since guesses may miss again and again. */
const GUESSES = 4;

/** A list is named by how many of its droppable parts it has. */
export class Shortening {
  /** Of those up to here the longest that fits is known. */
  settled = -1;
  /** The shortest that is known not to fit. */
  #above: number;
  /** Letters of each list. */
  readonly #letters: number[];
  readonly #most: number;
  #guess: number;
  #tries = 0;

  /**
   * @param parts letters of each part, in the order in which lists get them
   * @param always letters of what all lists have
   * @param most tokens
   */
  constructor(parts: readonly number[], always: number, most: number) {
    this.#letters = [always];
    for (const letters of parts) this.#letters.push(this.#letters.at(-1)! + letters);
    this.#above = this.#letters.length;
    this.#most = most;
    this.#guess = this.#within(most * LETTERS);
  }

  /** Undefined when all is known. */
  next(): number | undefined {
    const [least, greatest] = [this.settled + 1, this.#above - 1];
    if (least > greatest) return undefined;
    this.#tries++;
    const wanted = this.#tries > 1 + GUESSES ? Math.ceil((least + greatest) / 2) : this.#guess;
    return Math.min(Math.max(wanted, least), greatest);
  }

  /** @param tokens of it; undefined where neither it nor any before it could be written */
  fits(list: number, tokens: number | undefined): void {
    this.settled = list;
    this.#learn(list, tokens);
  }

  /** @param tokens of it; undefined where it could not be written, nor many before it */
  exceeds(list: number, tokens: number | undefined): void {
    this.#above = list;
    this.#learn(list, tokens);
  }

  #learn(list: number, tokens = 0): void {
    if (tokens > 0) this.#guess = this.#within((this.#letters[list]! * this.#most) / tokens);
  }

  /** The longest list with so many letters. */
  #within(letters: number): number {
    return this.#letters.findLastIndex((each) => each <= letters);
  }
}
