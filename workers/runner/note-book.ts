/** The notes of one load: what the host gave, and what goes back to it. */
import type { EngineNote } from '#core/engine';
import type { Notes } from './engine';

export class NoteBook implements Notes {
  readonly #known: Map<string, unknown>;
  readonly #send: (note: EngineNote) => Promise<void>;
  readonly #sending: Promise<void>[] = [];

  constructor(notes: readonly EngineNote[] = [], send: (note: EngineNote) => Promise<void>) {
    this.#known = new Map(notes.map(({ key, value }) => [key, value]));
    this.#send = send;
  }

  read(key: string): unknown {
    return this.#known.get(key);
  }

  write(key: string, value: unknown): void {
    this.#known.set(key, value);
    const sending = this.#send({ key, value }).catch((error: unknown) => {
      console.warn(`The note "${key}" is not kept:`, error);
    });
    this.#sending.push(sending);
  }

  /** Resolves when what was written is with the host: behind the call's end nothing more is heard. */
  async sent(): Promise<void> {
    await Promise.all(this.#sending);
  }
}
