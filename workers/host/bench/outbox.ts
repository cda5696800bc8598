/** Events on their way from work that goes on by itself to a reader who takes them one by one. */

export class Outbox<T> {
  readonly #events: T[] = [];
  #end: { error?: unknown } | undefined;
  #wake = () => {};

  /** @param merge makes one of this and the last that nobody has taken yet; null: both stay */
  push(event: T, merge?: (last: T) => T | null): void {
    const last = this.#events.at(-1);
    const merged = last !== undefined && merge ? merge(last) : null;
    if (merged === null) this.#events.push(event);
    else this.#events[this.#events.length - 1] = merged;
    this.#wake();
  }

  /** Nothing comes any more. */
  end(): void {
    this.#end ??= {};
    this.#wake();
  }

  /** The reader is told when it has read what came before. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *read(): AsyncGenerator<T, void, void> {
    for (;;) {
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
        yield event;
      }
      if (this.#end && 'error' in this.#end) throw this.#end.error;
      if (this.#end) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
