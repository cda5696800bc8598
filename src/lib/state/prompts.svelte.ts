import { EXAMPLES, promptName, type Prompt } from '#core/prompts';
import { announce, watchChanges } from '$lib/storage/changes';
import * as storage from '$lib/storage/prompts';
import type { PromptRecord } from '$lib/storage/records';
import { unsaved } from './unsaved.svelte';

/** One that is offered; without an id it is an example that nobody has saved. */
export type OfferedPrompt = Prompt & { id?: string };

/** The texts that `/` brings. */
class Prompts {
  #saved = $state.raw<PromptRecord[] | null>(null);
  #reading: Promise<void> | undefined;
  /** Changed here and not in storage yet; null: deleted. */
  #own = new Map<string, PromptRecord | null>();

  constructor() {
    watchChanges(({ type }) => {
      if (type === 'prompts') void this.#read();
    });
  }

  /** By name; examples where there are none; empty until they are read. */
  get all(): readonly OfferedPrompt[] {
    if (this.#saved === null) return [];
    return this.#saved.length > 0 ? this.#saved : EXAMPLES;
  }

  load(): Promise<void> {
    return (this.#reading ??= this.#read());
  }

  /** Somebody else wrote some: a file that was read. */
  async again() {
    announce({ type: 'prompts' });
    if (this.#reading) await this.#read();
  }

  async #read() {
    try {
      const stored = await storage.listPrompts();
      const own = [...this.#own.values()].filter((one) => one !== null);
      this.#saved = [...stored.filter(({ id }) => !this.#own.has(id)), ...own];
    } catch (error) {
      this.#reading = undefined; // the next look tries again
      console.warn('Prompts could not be read:', error);
    }
  }

  /** Whether another one is called so. */
  isTaken(name: string, id?: string): boolean {
    return (this.#saved ?? []).some((one) => one.name === promptName(name) && one.id !== id);
  }

  save({ id = crypto.randomUUID(), name, text }: OfferedPrompt) {
    const record = { id, name: promptName(name), text, updatedAt: Date.now() };
    this.#saved = [...(this.#saved ?? []).filter((one) => one.id !== id), record];
    this.#write(id, record);
  }

  /** The function brings it back. */
  remove(id: string): () => void {
    const gone = this.#saved?.find((one) => one.id === id);
    this.#saved = (this.#saved ?? []).filter((one) => one.id !== id);
    this.#write(id, null);
    return () => gone && this.save(gone);
  }

  #write(id: string, record: PromptRecord | null) {
    this.#own.set(id, record);
    void unsaved.write(`prompts/${id}`, async () => {
      await (record ? storage.putPrompt(record) : storage.deletePrompt(id));
      if (this.#own.get(id) === record) this.#own.delete(id);
    });
  }
}

export const prompts = new Prompts();
