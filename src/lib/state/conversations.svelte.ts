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
import { fromKept, toKept } from './kept-changes';
import { keepOverReload, takeKept } from './over-reload';
import { unsaved } from './unsaved.svelte';

const KEPT = 'paddock-changes';

/** Milliseconds that a deleted chat stays in the trash: 30 days. */
export const TRASH_MS = 30 * 24 * 60 * 60 * 1000;

/** Owns the list of conversations; their messages belong to `Chat`. */
class Conversations {
  #all = $state.raw<ConversationRecord[]>([]);
  #listed = $derived(this.#all.filter((one) => one.deletedAt === undefined));
  #trashed = $derived(
    this.#all
      .filter((one) => one.deletedAt !== undefined)
      .sort((a, b) => b.deletedAt! - a.deletedAt!),
  );
  /** Begun here and not in storage yet; any other that storage lacks was removed by another tab. */
  #fresh = new Set<string>();
  /** What was changed here and is not in storage yet. */
  #changes = new Map<string, ConversationChange>();
  /** What the page before this one changed and could not store. */
  #kept = takeKept(KEPT);
  #onLost: (id: string, forGood: boolean) => void = () => {};

  constructor() {
    keepOverReload(KEPT, () => [
      ...this.#kept,
      ...[...this.#changes].map(([id, change]) => toKept(id, change)),
    ]);
  }

  /** Newest first, without the deleted ones. */
  get listed() {
    return this.#listed;
  }

  /** What is in the trash, deleted last first; `deletedAt` is there. */
  get trashed() {
    return this.#trashed;
  }

  /** Reads the list; what is not saved yet stays. @throws PaddockError */
  async load() {
    this.#take(await listConversations(), () => true);
    for (const entry of this.#kept.splice(0)) {
      const kept = fromKept(entry, (id) => this.known(id));
      if (kept) void this.#change(kept.id, kept.change);
    }
  }

  /** Another tab made, changed or removed these. @throws PaddockError */
  async changed(ids: string[]) {
    this.#take(await readConversations(ids), (id) => ids.includes(id));
  }

  /** Called for each conversation that another tab deletes; `forGood`: that cannot be undone. */
  watchLosses(listener: (id: string, forGood: boolean) => void) {
    this.#onLost = listener;
  }

  /** Purges what has been in the trash for its time; what storage refuses is kept for a retry. */
  async purgeExpired(now = Date.now()) {
    const over = now - TRASH_MS;
    const ids = this.#trashed.filter((one) => one.deletedAt! <= over).map(({ id }) => id);
    if (ids.length === 0) return;
    await unsaved.write('purge', () => purgeDeleted(ids, over));
    await this.changed(ids);
  }

  /** The conversation, unless it is deleted or unknown. */
  find(id: string): ConversationRecord | undefined {
    return this.#listed.find((one) => one.id === id);
  }

  /** The conversation, also one in the trash. */
  known(id: string): ConversationRecord | undefined {
    return this.#all.find((one) => one.id === id);
  }

  /** The start of the keys under which writes of this conversation and its messages wait. */
  key(id: string): string {
    return `conversation:${id}`;
  }

  /** Whether storage has not had it yet. */
  isNew(id: string): boolean {
    return this.#fresh.has(id);
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
   * title, nor a conversation that was purged. One in the trash is written.
   * Resolves with the ids of messages that another tab has removed (see `MessageWrite`). @throws PaddockError
   */
  async saveMessages(id: string, write: MessageWrite): Promise<string[]> {
    const { leaf } = write;
    if (leaf !== undefined) this.#lay(id, { leaf });
    const conversation = this.known(id);
    if (!conversation) return [];
    const gone = await writeMessages(write, conversation, this.#fresh.has(id));
    this.#settle(id, gone !== null);
    return gone ?? [];
  }

  /** Notes the end of the branch that is shown: who opens the conversation finds it there again. */
  show(id: string, leaf: string) {
    if (this.known(id)?.leaf !== leaf) void this.#change(id, { leaf });
  }

  rename(id: string, title: string) {
    const name = title.trim();
    if (name !== '') void this.#change(id, { title: name, titledBy: 'person' });
  }

  /** The model's title, unless somebody has named it, or it is in the trash. */
  suggest(id: string, title: string) {
    const known = this.find(id);
    if (known && known.titledBy === undefined) void this.#change(id, { title, titledBy: 'model' });
  }

  /** Puts it at the top of the list, or takes it from there. */
  pin(id: string, pinned: boolean) {
    void this.#change(id, { pinned: pinned || undefined });
  }

  /** Puts it into a folder; null: into none. */
  move(id: string, folder: string | null) {
    void this.#change(id, { folder: folder ?? undefined });
  }

  /** What is set for this chat from now on. */
  setUp(id: string, setup: ChatSetup) {
    void this.#change(id, { setup });
  }

  /** Puts it into the trash; `restore` brings it back until its time there is over. */
  remove(id: string) {
    void this.#change(id, { deletedAt: Date.now() });
  }

  restore(id: string) {
    void this.#change(id, { deletedAt: undefined });
  }

  /** Removes them for good, all or none; those that storage keeps are back in the list. @throws PaddockError */
  purge(ids: string[]): Promise<void> {
    return this.#purge(ids, purgeConversations);
  }

  /** As `purge`, for those in the trash: one that another tab brings back meanwhile stays. @throws PaddockError */
  async discard(ids: string[]) {
    await this.#purge(ids, purgeDeleted);
    await this.changed(ids);
  }

  async #purge(ids: string[], write: (ids: string[]) => Promise<void>) {
    const before = this.#all;
    // At once: a reply that is still ending writes nothing into a conversation that is not known.
    this.#all = before.filter((one) => !ids.includes(one.id));
    try {
      await write(ids);
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
}

function isEmpty(setup: ChatSetup = {}): boolean {
  return Object.keys(setup).length === 0;
}

function newestFirst(a: ConversationRecord, b: ConversationRecord): number {
  return b.updatedAt - a.updatedAt;
}

export const conversations = new Conversations();
