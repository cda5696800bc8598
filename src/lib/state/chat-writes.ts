import type { MessageWrite } from '$lib/storage/conversations';
import { conversations } from './conversations.svelte';
import type { Draft } from './draft.svelte';
import type { Turn } from './turn.svelte';
import type { Turns } from './turns.svelte';
import { unsaved } from './unsaved.svelte';
import { writeTurns } from './write-turns';

/** What is written, and with it what it was made of. */
interface Written {
  readonly turns: Turns;
  /** The conversation's; null while it has no message, which is not written. */
  id(): string | null;
  draft(): Draft;
  /** Another tab has removed the messages with these ids. */
  lost(ids: string[]): void;
}

/** Writes the messages of one conversation, and with them which branch is shown and what is not sent. */
export class ChatWrites {
  #of: Written;
  /** The end of the branch, as the last write had it. */
  #noted: string | null = null;

  constructor(of: Written) {
    this.#of = of;
  }

  /** What is shown now is what is stored. */
  note() {
    this.#noted = this.#of.turns.leaf;
  }

  /** Writes a message; one that was removed meanwhile is not brought back. A failure is kept in `unsaved`. */
  async put(turn: Turn): Promise<void> {
    const id = this.#of.id();
    if (id === null || this.#of.turns.find(turn.id) !== turn) return;
    await this.save(turn.id, () => ({ put: [turn.record(id)] }));
  }

  /** Writes under a name of its own: a later write of that name takes the place of one that failed. */
  async save(name: string, write: () => MessageWrite): Promise<void> {
    const id = this.#of.id();
    if (id === null) return;
    await unsaved.write(this.#key(name), async () => {
      const { turns, draft, lost } = this.#of;
      const { leaf } = turns;
      const moved = leaf !== null && leaf !== this.#noted ? { leaf } : {};
      const gone = await writeTurns(id, { ...write(), ...moved }, turns, draft());
      this.#noted = leaf;
      lost(gone);
    });
  }

  /** Whether the last write of this name failed and waits to be tried again. */
  failed(name: string): boolean {
    return unsaved.failed(this.#key(name));
  }

  /** What failed under this name need not be written any more. */
  forget(name: string) {
    unsaved.drop(this.#key(name));
  }

  #key(name: string): string {
    return `${conversations.key(this.#of.id() ?? '')}/message:${name}`;
  }
}
