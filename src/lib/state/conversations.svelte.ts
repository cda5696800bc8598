import { listConversations, purgeConversations, putConversation } from '$lib/storage/conversations';
import type { ConversationRecord } from '$lib/storage/records';
import { unsaved } from './unsaved.svelte';

const TITLE_LENGTH = 60;

/** Owns the list of conversations; their messages belong to `Chat`. */
class Conversations {
  #all = $state.raw<ConversationRecord[]>([]);
  #deleted: string[] = [];
  #listed = $derived(this.#all.filter((one) => one.deletedAt === undefined));

  /** Newest first, without the deleted ones. */
  get listed() {
    return this.#listed;
  }

  async load() {
    const records = await listConversations();
    this.#all = records.filter((one) => one.deletedAt === undefined);
    this.#deleted = records.filter((one) => one.deletedAt !== undefined).map((one) => one.id);
  }

  /** Purges what an earlier page deleted; only where no other tab still offers to undo it. */
  finishDeletions() {
    const ids = this.#deleted;
    this.#deleted = [];
    if (ids.length > 0) void unsaved.write('purge', () => purgeConversations(ids));
  }

  /** The conversation, unless it is deleted or unknown. */
  find(id: string): ConversationRecord | undefined {
    return this.#listed.find((one) => one.id === id);
  }

  /** A new conversation, named after its first message; the first message's write brings it to storage. */
  create(firstMessage: string): ConversationRecord {
    const now = Date.now();
    const title = titleFrom(firstMessage);
    const record = { id: crypto.randomUUID(), title, createdAt: now, updatedAt: now };
    this.#all = [record, ...this.#all];
    return record;
  }

  /** Moves it to the top; the caller writes the record it gets. */
  touch(id: string): ConversationRecord | undefined {
    const record = this.find(id);
    if (!record) return undefined;
    const touched = { ...record, updatedAt: Date.now() };
    this.#all = [touched, ...this.#all.filter((one) => one.id !== id)];
    return touched;
  }

  rename(id: string, title: string) {
    const name = title.trim();
    if (name !== '') this.#change(id, { title: name });
  }

  /** Takes it from the list; `restore` brings it back until `purge`. */
  remove(id: string) {
    this.#change(id, { deletedAt: Date.now() });
  }

  restore(id: string) {
    this.#change(id, { deletedAt: undefined });
  }

  async purge(ids: string[]) {
    this.#all = this.#all.filter((one) => !ids.includes(one.id));
    await unsaved.write(`purge:${ids.join()}`, () => purgeConversations(ids));
  }

  #change(id: string, change: Partial<ConversationRecord>) {
    const record = this.#all.find((one) => one.id === id);
    if (!record) return;
    const changed = { ...record, ...change };
    if (changed.deletedAt === undefined) delete changed.deletedAt;
    this.#all = this.#all.map((one) => (one.id === id ? changed : one));
    void unsaved.write(`conversation:${id}`, () => putConversation(changed));
  }
}

function titleFrom(message: string): string {
  const line = message.trim().split('\n', 1)[0]!.replace(/\s+/g, ' ');
  const letters = [...line];
  return letters.length <= TITLE_LENGTH ? line : `${letters.slice(0, TITLE_LENGTH - 1).join('')}…`;
}

export const conversations = new Conversations();
