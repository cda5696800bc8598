import type { MessageWrite } from '$lib/storage/conversations';
import { conversations } from './conversations.svelte';
import type { Turn } from './turn.svelte';
import type { Turns } from './turns.svelte';
import { unsaved } from './unsaved.svelte';

/** Writes the messages of one conversation, and with them which branch is shown. */
export class ChatWrites {
  #id: () => string | null;
  #turns: Turns;
  /** The end of the branch, as the last write had it. */
  #noted: string | null = null;

  /** `id`: the conversation's; null while it has no message, which is not written. */
  constructor(id: () => string | null, turns: Turns) {
    this.#id = id;
    this.#turns = turns;
  }

  /** What is shown now is what is stored. */
  note() {
    this.#noted = this.#turns.leaf;
  }

  /** Writes a message; one that was removed meanwhile is not brought back. A failure is kept in `unsaved`. */
  async put(turn: Turn): Promise<void> {
    const id = this.#id();
    if (id === null || this.#turns.find(turn.id) !== turn) return;
    await this.save(turn.id, () => ({ put: [turn.record(id)] }));
  }

  /** Writes under a name of its own: a later write of that name takes the place of one that failed. */
  async save(name: string, write: () => MessageWrite): Promise<void> {
    const id = this.#id();
    if (id === null) return;
    await unsaved.write(this.#key(name), async () => {
      const { leaf } = this.#turns;
      const moved = leaf !== null && leaf !== this.#noted ? { leaf } : {};
      await conversations.saveMessages(id, { ...write(), ...moved });
      this.#noted = leaf;
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
    return `${conversations.key(this.#id() ?? '')}/message:${name}`;
  }
}
