/** How much a template may do. */
import type { GoValue } from './values';

/** Far more than a chat of 2,000 messages takes; they pass in less than a second. */
const MAX_STEPS = 2_000_000;
/** UTF-16 units of the text, and of all that is made on the way to it; no context holds that many. */
const MAX_LETTERS = 16 * 1024 * 1024;
/** How many letters take as long as a step of up to 1 µs, as powers of two: passed on, and written as JSON. */
const READ = 6;
const WRITTEN = 4;

/** It was passed. */
export class EndlessTemplate extends Error {}

export class Budget {
  #steps = 0;
  #letters = 0;

  /** @throws EndlessTemplate, as all others do */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > MAX_STEPS) throw new EndlessTemplate('it does not come to an end');
  }

  /** What goes into the text. */
  written(letters: number): void {
    this.#letters += letters;
    if (this.#letters > MAX_LETTERS) throw new EndlessTemplate('it does not come to an end');
  }

  /** A text that was written of values. */
  made(letters: number): void {
    if (letters > MAX_LETTERS) throw new EndlessTemplate('it does not come to an end');
    this.step(letters >> WRITTEN);
  }

  /** What a function takes, which it may go through. */
  taken(value: GoValue): void {
    if (typeof value === 'string') this.step(value.length >> READ);
  }
}
