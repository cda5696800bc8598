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

  /** The conversation, also one whose deletion can still be undone. */
  known(id: string): ConversationRecord | undefined {
    return this.#all.find((one) => one.id === id);
  }

  /** The start of the keys under which writes of this conversation and its messages wait. */
  key(id: string): string {
    return `conversation:${id}`;
  }

  /** A new conversation, named after its first message; the first message's write brings it to storage. */
  create(firstMessage: string): ConversationRecord {
    const now = Date.now();
    const title = titleFrom(firstMessage);
    const record = { id: crypto.randomUUID(), title, createdAt: now, updatedAt: now };
    this.#all = [record, ...this.#all];
    return record;
  }

  /** Moves it to the top, unless it is deleted; the caller writes it with the message that is the reason. */
  touch(id: string) {
    const record = this.find(id);
    if (!record) return;
    const touched = { ...record, updatedAt: Date.now() };
    this.#all = [touched, ...this.#all.filter((one) => one.id !== id)];
  }

  rename(id: string, title: string) {
    const name = title.trim();
    if (name !== '') this.#change(id, { title: name });
  }

  /** Takes it from the list; `restore` brings it back until `finishDeletion`. */
  remove(id: string) {
    this.#change(id, { deletedAt: Date.now() });
  }

  restore(id: string) {
    this.#change(id, { deletedAt: undefined });
  }

  /** Nobody will undo the deletion any more. What storage refuses is kept for a retry. */
  finishDeletion(id: string) {
    void unsaved.write(`purge:${id}`, () => this.purge([id]));
  }

  /** Removes them for good, all or none; those that storage keeps are back in the list. @throws PaddockError */
  async purge(ids: string[]) {
    const before = this.#all;
    // At once: a reply that is still ending writes nothing into a conversation that is not known.
    this.#all = before.filter((one) => !ids.includes(one.id));
    try {
      await purgeConversations(ids);
    } catch (error) {
      const back = before.filter((one) => ids.includes(one.id) && !this.known(one.id));
      this.#all = [...this.#all, ...back].sort((a, b) => b.updatedAt - a.updatedAt);
      throw error;
    }
    ids.forEach((id) => unsaved.drop(this.key(id)));
  }

  #change(id: string, change: Partial<ConversationRecord>) {
    const record = this.known(id);
    if (!record) return;
    const changed = { ...record, ...change };
    if (changed.deletedAt === undefined) delete changed.deletedAt;
    this.#all = this.#all.map((one) => (one.id === id ? changed : one));
    void unsaved.write(this.key(id), async () => {
      const latest = this.known(id);
      if (latest) await putConversation(latest);
    });
  }
}

function titleFrom(message: string): string {
  const line = message.trim().split('\n', 1)[0]!.replace(/\s+/g, ' ');
  const letters = [...line];
  return letters.length <= TITLE_LENGTH ? line : `${letters.slice(0, TITLE_LENGTH - 1).join('')}…`;
}

export const conversations = new Conversations();
