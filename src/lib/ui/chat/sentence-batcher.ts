/** Hands out the whole sentences of a growing text, each once. */
export class SentenceBatcher {
  #said: number;

  /** `from`: characters that have been said before. */
  constructor(from = 0) {
    this.#said = from;
  }

  /** The sentences that have ended since the last call; empty when none has. */
  take(text: string): string {
    const fresh = text.slice(this.#said);
    const end = Math.max(...['. ', '! ', '? ', '\n'].map((mark) => fresh.lastIndexOf(mark)));
    if (end < 0) return '';
    this.#said += end + 1;
    return fresh.slice(0, end + 1).trim();
  }

  /** What has not been said, whole sentence or not. */
  rest(text: string): string {
    const fresh = text.slice(this.#said);
    this.#said = text.length;
    return fresh.trim();
  }
}
