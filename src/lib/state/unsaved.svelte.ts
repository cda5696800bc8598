import { toWire, type WireError } from '#core/errors';

/** Owns the writes that failed, until they succeed. Nothing that a person wrote is lost silently. */
class Unsaved {
  #failed = new Map<string, () => Promise<unknown>>();
  #latest = new Map<string, number>();
  #writes = 0;
  #retrying = false;
  #error = $state.raw<WireError | null>(null);

  /** Why the last write failed; null while everything is saved. */
  get error() {
    return this.#error;
  }

  /** Runs a write and keeps it for a retry if it fails; a later write under the same key replaces it. */
  async write(key: string, run: () => Promise<unknown>): Promise<boolean> {
    const turn = ++this.#writes;
    this.#latest.set(key, turn);
    try {
      await run();
      if (this.#latest.get(key) === turn) this.#settle(key);
      // There is room again.
      if (this.#failed.size > 0) void this.retry();
      return true;
    } catch (error) {
      // One that was replaced or dropped meanwhile is nobody's loss.
      if (this.#latest.get(key) === turn) {
        this.#failed.set(key, run);
        this.#error = toWire(error);
      }
      return false;
    }
  }

  /** Whether a write under this key has failed: what storage has is older. */
  failed(key: string): boolean {
    return this.#failed.has(key);
  }

  /** Whether any write has failed whose key starts so. */
  failedUnder(prefix: string): boolean {
    return [...this.#failed.keys()].some((key) => key.startsWith(prefix));
  }

  /** Tries every failed write again, in the order in which they failed. */
  async retry(): Promise<void> {
    if (this.#retrying) return;
    this.#retrying = true;
    for (const [key, run] of [...this.#failed]) {
      // One that was written or dropped meanwhile is not due any more.
      if (this.#failed.get(key) === run && !(await this.write(key, run))) break;
    }
    this.#retrying = false;
  }

  /** Forgets the writes whose keys start so: what they would save is not wanted any more. */
  drop(prefix: string) {
    for (const key of [...this.#latest.keys()]) if (key.startsWith(prefix)) this.#settle(key);
  }

  #settle(key: string) {
    this.#latest.delete(key);
    this.#failed.delete(key);
    if (this.#failed.size === 0) this.#error = null;
  }
}

export const unsaved = new Unsaved();
