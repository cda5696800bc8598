/** Measures how long a reply thinks: from its first thought to the first word of its answer. */
export class ThoughtClock {
  #before: number | undefined;
  #answers: boolean;
  #begun: number | undefined;
  #last = 0;

  /** `turn`: what the reply goes on from. */
  constructor(turn: { content: string; thinkingMs?: number }) {
    this.#before = turn.thinkingMs;
    this.#answers = turn.content !== '';
  }

  piece(thinking: string, content: string) {
    if (this.#answers) return;
    this.#last = performance.now();
    if (thinking !== '') this.#begun ??= this.#last;
    this.#answers = content !== '';
  }

  /** Milliseconds so far, with those of what was continued; undefined where there was no thought. */
  get ms(): number | undefined {
    if (this.#begun === undefined) return this.#before;
    return (this.#before ?? 0) + Math.round(this.#last - this.#begun);
  }
}
