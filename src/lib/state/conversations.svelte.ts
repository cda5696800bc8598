import { undoLock } from '#core/locks';
import { holding } from '$lib/client/held-locks';
import {
  changeConversation,
  listConversations,
  purgeConversations,
  purgeDeleted,
  readConversations,
  withChange,
  writeMessages,
  type ConversationChange,
  type MessageWrite,
} from '$lib/storage/conversations';
import type { ChatSetup, ConversationRecord } from '$lib/storage/records';
import { sameConversation, titleFrom } from './conversation-records';
import { unsaved } from './unsaved.svelte';

/** Owns the list of conversations; their messages belong to `Chat`. */
class Conversations {
  #all = $state.raw<ConversationRecord[]>([]);
  #listed = $derived(this.#all.filter((one) => one.deletedAt === undefined));
  /** Begun here and not in storage yet; any other that storage lacks was removed by another tab. */
  #fresh = new Set<string>();
  /** What was changed here and is not in storage yet. */
  #changes = new Map<string, ConversationChange>();
  /** Deleted here, with the function that lets other tabs know that nobody can undo it any more. */
  #undoable = new Map<string, () => void>();
  #onLost: (id: string, forGood: boolean) => void = () => {};

  /** Newest first, without the deleted ones. */
  get listed() {
    return this.#listed;
  }

  /** Reads the list; what is not saved yet stays. @throws PaddockError */
  async load() {
    this.#take(await listConversations(), () => true);
  }

  /** Another tab made, changed or removed these. @throws PaddockError */
  async changed(ids: string[]) {
    this.#take(await readConversations(ids), (id) => ids.includes(id));
  }

  /** Called for each conversation that another tab deletes; `forGood`: that cannot be undone. */
  watchLosses(listener: (id: string, forGood: boolean) => void) {
    this.#onLost = listener;
  }

  /** Purges what earlier pages deleted, each as soon as no tab can undo its deletion any more. */
  finishDeletions() {
    for (const { id, deletedAt } of this.#all) {
      if (deletedAt === undefined || this.#undoable.has(id)) continue;
      const purge = async () => void (await unsaved.write(`purge:${id}`, () => purgeDeleted([id])));
      void holding(undoLock(id), purge);
    }
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

  /** A new conversation with the title and the set-up of another; its messages' write brings it to storage. */
  copy(id: string): ConversationRecord | undefined {
    const from = this.known(id);
    if (!from) return undefined;
    const { title, titledBy, folder, setup } = from;
    const now = Date.now();
    const record = {
      ...{ id: crypto.randomUUID(), title, createdAt: now, updatedAt: now },
      ...(titledBy && { titledBy }),
      ...(folder && { folder }),
      ...(setup && { setup }),
    };
    this.#fresh.add(record.id);
    this.#all = [record, ...this.#all];
    return record;
  }

  /** A new conversation, named after its first message; the first message's write brings it to storage. */
  create(firstMessage: string, setup?: ChatSetup): ConversationRecord {
    const now = Date.now();
    const title = titleFrom(firstMessage);
    const times = { createdAt: now, updatedAt: now };
    const record = { id: crypto.randomUUID(), title, ...times, ...(!isEmpty(setup) && { setup }) };
    this.#fresh.add(record.id);
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

  /**
   * Writes messages, and with them what is known of their conversation now: a retry must not bring back an old
   * title, nor a conversation that was purged. One whose deletion can still be undone is written.
   * @throws PaddockError
   */
  async saveMessages(id: string, write: MessageWrite) {
    const { leaf } = write;
    if (leaf !== undefined) this.#lay(id, { leaf });
    const conversation = this.known(id);
    if (!conversation) return;
    this.#settle(id, await writeMessages(write, conversation, this.#fresh.has(id)));
  }

  /** Notes the end of the branch that is shown: who opens the conversation finds it there again. */
  show(id: string, leaf: string) {
    if (this.known(id)?.leaf !== leaf) void this.#change(id, { leaf });
  }

  rename(id: string, title: string) {
    const name = title.trim();
    if (name !== '') void this.#change(id, { title: name, titledBy: 'person' });
  }

  /** What is set for this chat from now on. */
  setUp(id: string, setup: ChatSetup) {
    void this.#change(id, { setup });
  }

  /** Takes it from the list; `restore` brings it back until `finishDeletion`. */
  remove(id: string) {
    const over = new Promise<void>((resolve) => this.#undoable.set(id, resolve));
    // Asked for before the deletion is written: who reads of it must find the lock held.
    void holding(undoLock(id), () => over);
    void this.#change(id, { deletedAt: Date.now() });
  }

  async restore(id: string) {
    // Where that could not be written, another tab would purge it.
    if (await this.#change(id, { deletedAt: undefined })) this.#endUndo(id);
  }

  /** Nobody will undo the deletion any more. What storage refuses is kept for a retry. */
  async finishDeletion(id: string) {
    await unsaved.write(`purge:${id}`, () => this.purge([id]));
    this.#endUndo(id);
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
      this.#all = [...this.#all, ...back].sort(newestFirst);
      throw error;
    }
    ids.forEach((id) => this.#forget(id));
  }

  #change(id: string, change: ConversationChange): Promise<boolean> {
    if (!this.known(id)) return Promise.resolve(false);
    this.#changes.set(id, { ...this.#changes.get(id), ...change });
    this.#lay(id, change);
    return unsaved.write(this.key(id), () => this.#save(id));
  }

  #lay(id: string, change: ConversationChange) {
    this.#all = this.#all.map((one) => (one.id === id ? withChange(one, change) : one));
  }

  async #save(id: string) {
    const change = this.#changes.get(id);
    const known = this.known(id);
    if (!change || !known) return;
    const there = await changeConversation(id, change, this.#fresh.has(id) ? known : undefined);
    if (this.#changes.get(id) === change) this.#changes.delete(id);
    this.#settle(id, there);
  }

  /** A write has ended: the conversation is in storage, or another tab has removed it from there. */
  #settle(id: string, there: boolean) {
    this.#fresh.delete(id);
    if (!there) this.#take([], (one) => one === id);
  }

  /** Takes over what storage says of the conversations that `asked` is true of. */
  #take(stored: ConversationRecord[], asked: (id: string) => boolean) {
    const before = new Map(this.#all.map((one) => [one.id, one]));
    const taken = new Map(stored.map((one) => [one.id, this.#withOwn(one, before.get(one.id))]));
    const kept = this.#all.filter(
      ({ id }) => !taken.has(id) && (!asked(id) || this.#fresh.has(id)),
    );
    const same = [...taken.values()].every((one) => sameConversation(one, before.get(one.id)));
    if (same && kept.length + taken.size === before.size) return;
    this.#all = [...taken.values(), ...kept].sort(newestFirst);
    for (const { id, deletedAt } of before.values()) {
      const now = this.known(id);
      if (!now) this.#forget(id);
      if (!now || (now.deletedAt !== undefined && deletedAt === undefined)) this.#onLost(id, !now);
    }
  }

  /** A stored record under what was changed here and is not stored yet. */
  #withOwn(stored: ConversationRecord, own?: ConversationRecord): ConversationRecord {
    const updatedAt = Math.max(stored.updatedAt, own?.updatedAt ?? 0);
    return withChange({ ...stored, updatedAt }, this.#changes.get(stored.id) ?? {});
  }

  /** It is gone for good: nothing of it is wanted any more. */
  #forget(id: string) {
    this.#changes.delete(id);
    this.#fresh.delete(id);
    unsaved.drop(this.key(id));
  }

  #endUndo(id: string) {
    this.#undoable.get(id)?.();
    this.#undoable.delete(id);
  }
}

function isEmpty(setup: ChatSetup = {}): boolean {
  return Object.keys(setup).length === 0;
}

function newestFirst(a: ConversationRecord, b: ConversationRecord): number {
  return b.updatedAt - a.updatedAt;
}

export const conversations = new Conversations();
