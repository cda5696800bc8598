import { watchChanges } from '$lib/storage/changes';
import { Chat } from './chat.svelte';
import { conversations } from './conversations.svelte';
import { keepDrafts, takeDrafts } from './drafts';
import { unsaved } from './unsaved.svelte';

/** Owns the open chats: a reply goes on while its reader is elsewhere. */
class Chats {
  #open = new Map<string, Chat>();
  #draft = new Chat(null);
  /** Of the page before this one, until their chats are opened. */
  #drafts = takeDrafts();

  constructor() {
    this.#draft.draft = this.#takeDraft('');
    keepDrafts(() => [
      ...this.#drafts,
      ['', this.#draft.draft],
      ...[...this.#open].map(([id, chat]): [string, string] => [id, chat.draft]),
    ]);
    watchChanges((change) => {
      if (change.type === 'message') void this.#open.get(change.conversation)?.changed(change.id);
      else if (change.type === 'stop') this.#stopMessage(change.message);
    });
    conversations.watchLosses((id, forGood) => (forGood ? this.close([id]) : this.stop(id)));
  }

  /** The chat that has no message yet. */
  get draft() {
    return this.#draft;
  }

  /** The chat of a conversation; one that was not open has yet to `load`. */
  open(id: string): Chat {
    const known = this.#open.get(id);
    if (known) return known;
    for (const [other, chat] of this.#open) {
      // What could not be written stands nowhere else.
      const unsavedHere = unsaved.failedUnder(conversations.key(other));
      if (!chat.reply && chat.draft === '' && !unsavedHere) this.#open.delete(other);
    }
    const chat = new Chat(id);
    chat.draft = this.#takeDraft(id);
    this.#open.set(id, chat);
    return chat;
  }

  /** Gives the draft, which has its first message now, its place; the next draft is a new one. */
  settle(chat: Chat) {
    if (chat.id === null || this.#open.has(chat.id)) return;
    this.#open.set(chat.id, chat);
    if (chat === this.#draft) this.#draft = new Chat(null);
  }

  /** Ends the reply of a conversation that this tab writes; what was written is saved. */
  stop(id: string) {
    this.#open.get(id)?.reply?.stop();
  }

  /** Ends the replies of these conversations that this tab writes, and forgets them. */
  close(ids: string[]) {
    for (const id of ids) {
      this.stop(id);
      this.#open.delete(id);
    }
  }

  #takeDraft(id: string): string {
    const text = this.#drafts.get(id) ?? '';
    this.#drafts.delete(id);
    return text;
  }

  /** Another tab asks for it. */
  #stopMessage(messageId: string) {
    for (const { reply } of this.#open.values()) if (reply?.turn.id === messageId) reply.stop();
  }
}

export const chats = new Chats();
