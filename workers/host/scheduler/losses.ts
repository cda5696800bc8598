/** How often in a row each model was lost with its runner. A host's life long: another host may have better luck. */
export class Losses {
  readonly #rows = new Map<string, number>();

  /** Counts one more loss of the model with these files; returns how many there were since its last good reply. */
  note(files: string): number {
    const times = (this.#rows.get(files) ?? 0) + 1;
    this.#rows.set(files, times);
    return times;
  }

  /** It wrote a reply to its end: what was lost before says nothing of the next. */
  forget(files: string): void {
    this.#rows.delete(files);
  }
}
