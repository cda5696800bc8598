import { Chat } from './chat.svelte';

/** Owns the open chats: a reply goes on while its reader is elsewhere. */
class Chats {
  #open = new Map<string, Chat>();
  #draft = new Chat(null);

  /** The chat that has no message yet. */
  get draft() {
    return this.#draft;
  }

  /** The chat of a conversation; one that was not open has yet to `load`. */
  open(id: string): Chat {
    const known = this.#open.get(id);
    if (known) return known;
    for (const [other, chat] of this.#open) {
      if (!chat.reply && chat.draft === '') this.#open.delete(other);
    }
    const chat = new Chat(id);
    this.#open.set(id, chat);
    return chat;
  }

  /** Gives the draft, which has its first message now, its place; the next draft is a new one. */
  settle(chat: Chat) {
    if (chat.id === null || this.#open.has(chat.id)) return;
    this.#open.set(chat.id, chat);
    if (chat === this.#draft) this.#draft = new Chat(null);
  }

  /** Ends the reply of a conversation; what was written is saved. */
  stop(id: string) {
    this.#open.get(id)?.stop();
  }

  /** Ends the replies of these conversations and forgets them. */
  close(ids: string[]) {
    for (const id of ids) {
      this.#open.get(id)?.stop();
      this.#open.delete(id);
    }
  }
}

export const chats = new Chats();
