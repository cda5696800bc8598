import { untrack } from 'svelte';

/** Enough for a screen reader that is behind; what is older has been read. */
const KEPT = 4;

/** Owns what the page says to a screen reader of its own accord: the lines of its one polite live region. */
class Voice {
  #lines = $state.raw<{ id: number; text: string }[]>([]);
  #nextId = 1;

  get lines() {
    return this.#lines;
  }

  /** A line of its own each time: a text that takes another's place is read only when it differs. */
  say(text: string) {
    // Who says something in an effect does not wait for what is said.
    const lines = untrack(() => this.#lines);
    this.#lines = [...lines, { id: this.#nextId++, text }].slice(-KEPT);
  }
}

export const voice = new Voice();
