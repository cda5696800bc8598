/** The texts of all chats that are not in the trash, in memory, as they are stored at the time of a query. */
import type { Change } from '#core/changes';
import { fold } from '#core/search/fold';
import type { SearchProgress } from '#core/search/methods';
import type { SearchChat, SearchText } from '#core/search/scan';
import { withDatabase } from '../../src/lib/storage/database';
import { parseConversation } from '../../src/lib/storage/guards';
import { parseMessage } from '../../src/lib/storage/message-guard';
import { rangeOf } from '../../src/lib/storage/message-range';
import type { ConversationRecord } from '../../src/lib/storage/records';

/** Records read at once: a few milliseconds, and a megabyte. */
const BATCH = 500;

export class Library {
  #chats = new Map<string, SearchChat>();
  /** Changed since they were read. */
  #stale = new Set<string>();
  #reading: Promise<void> | undefined;
  #progress: SearchProgress = { read: 0, total: 0 };
  /** Counted at the first reading; a chat that is read again leaves out the same ones. */
  #damaged = 0;

  /** Notes what has to be read again, at the next query: a reply that streams costs nothing until then. */
  changed(change: Change): boolean {
    const ids =
      change.type === 'conversations'
        ? change.ids
        : 'conversation' in change
          ? [change.conversation]
          : [];
    ids.forEach((id) => this.#stale.add(id));
    return ids.length > 0;
  }

  get progress() {
    return this.#progress;
  }

  /** Every chat, as it is now. @throws PaddockError */
  async read(): Promise<{ chats: SearchChat[]; damaged: number }> {
    // One that failed is tried again.
    this.#reading ??= this.#readAll().catch((error: unknown) => {
      this.#reading = undefined;
      throw error;
    });
    await this.#reading;
    for (const id of [...this.#stale]) {
      this.#stale.delete(id);
      await this.#readOne(id).catch((error: unknown) => {
        this.#stale.add(id);
        throw error;
      });
    }
    return { chats: [...this.#chats.values()], damaged: this.#damaged };
  }

  async #readAll() {
    this.#chats.clear();
    this.#damaged = 0;
    const total = await withDatabase((db) => db.count('messages'));
    this.#progress = { read: 0, total };
    const values: unknown[] = await withDatabase((db) => db.getAll('conversations'));
    for (const value of values) {
      const record = parseConversation(value);
      if (!record) this.#damaged++;
      else if (record.deletedAt === undefined) this.#chats.set(record.id, chatOf(record, []));
    }
    const found = new Map<string, Found[]>();
    let after: string | undefined;
    for (;;) {
      const range = after === undefined ? undefined : IDBKeyRange.lowerBound(after, true);
      const batch: unknown[] = await withDatabase((db) => db.getAll('messages', range, BATCH));
      for (const one of batch) this.#sort(one, found);
      this.#progress = { read: this.#progress.read + batch.length, total };
      if (batch.length < BATCH) break;
      after = (batch.at(-1) as { id: string }).id; // the store's key: it is there
    }
    for (const [id, messages] of found) {
      const chat = this.#chats.get(id);
      if (chat) chat.messages = inOrder(messages);
    }
  }

  #sort(value: unknown, found: Map<string, Found[]>) {
    const one = textOf(value);
    if (!one) return void this.#damaged++;
    const all = found.get(one.conversationId);
    if (all) all.push(one);
    else found.set(one.conversationId, [one]);
  }

  async #readOne(id: string) {
    const [value, values] = await withDatabase(async (db): Promise<[unknown, unknown[]]> => {
      const transaction = db.transaction(['conversations', 'messages']);
      const messages = transaction.objectStore('messages').index('byConversation');
      return Promise.all([
        transaction.objectStore('conversations').get(id),
        messages.getAll(rangeOf(id)),
      ]);
    });
    const record = parseConversation(value);
    if (!record || record.deletedAt !== undefined) return void this.#chats.delete(id);
    const good = values.map(textOf).filter((one) => one !== null);
    this.#chats.set(id, chatOf(record, inOrder(good)));
  }
}

type Found = SearchText & { conversationId: string; createdAt: number };

function textOf(value: unknown): Found | null {
  const message = parseMessage(value);
  if (!message) return null;
  const { id, conversationId, createdAt, content } = message;
  return { id, conversationId, createdAt, text: content, folded: fold(content) };
}

function chatOf({ id, title, updatedAt }: ConversationRecord, messages: Found[]): SearchChat {
  return { id, title, foldedTitle: fold(title), updatedAt, messages };
}

function inOrder(messages: Found[]): Found[] {
  return messages.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
