/** When models were last used: what the person may do without is told by it. */
import type { RegistryContext } from './context';

/** Milliseconds: a chat of many turns is one use a minute. */
const EVERY_MS = 60_000;

export class Usage {
  readonly #context: Pick<RegistryContext, 'db' | 'now'>;
  /** By `nameKey`; what is not written yet too. */
  readonly #noted = new Map<string, number>();

  constructor(context: Pick<RegistryContext, 'db' | 'now'>) {
    this.#context = context;
  }

  /** Resolves, always, when it is written; no reply waits for it. */
  async note(key: string): Promise<void> {
    const usedAt = this.#context.now();
    const last = this.#noted.get(key);
    if (last !== undefined && usedAt - last < EVERY_MS) return;
    this.#noted.set(key, usedAt);
    try {
      await this.#context.db.putUsage({ key, usedAt });
    } catch (error) {
      this.#noted.delete(key);
      console.warn('When a model was used was not saved:', error);
    }
  }

  all(): Promise<Map<string, number>> {
    return this.#context.db.usage();
  }

  /** For a model that is deleted: its next use is written at once. */
  forget(key: string): void {
    this.#noted.delete(key);
  }
}
