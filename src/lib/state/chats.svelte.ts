import { watchChanges } from '$lib/storage/changes';
import { bringBack, keepRefused, type Carried } from './carried';
import { Chat } from './chat.svelte';
import { conversations } from './conversations.svelte';
import { copyPath } from './copy-path';
import { keepDrafts, takeDrafts } from './drafts';
import type { Turn } from './turn.svelte';
import { toasts } from './toasts.svelte';
import { unsaved } from './unsaved.svelte';

/** Owns the open chats: a reply goes on while its reader is elsewhere. */
class Chats {
  #open = new Map<string, Chat>();
  /** Of the page before this one, until their chats are opened. */
  #drafts = takeDrafts();
  #draft = this.#make(null);

  constructor() {
    keepDrafts(() => {
      const open = [this.#draft, ...this.#open.values()].map(({ unsent }) => unsent.kept);
      return [...this.#drafts.values(), ...open.filter((kept) => kept !== undefined)];
    });
    keepRefused(() => [...this.#open.values()].flatMap(carry));
    if (typeof sessionStorage !== 'undefined') {
      void bringBack((id) => void this.#open.get(id)?.changed());
    }
    watchChanges((change) => {
      if (change.type === 'message') void this.#open.get(change.conversation)?.changed(change.id);
      else if (change.type === 'messages') void this.#open.get(change.conversation)?.changed();
      else if (change.type === 'stop') this.#stopMessage(change.message);
    });
    conversations.watchLosses((id, forGood) => (forGood ? this.#lose(id) : this.stop(id)));
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
      if (chat.inUse || unsavedHere) continue;
      chat.close();
      this.#open.delete(other);
    }
    const chat = this.#make(id);
    this.#open.set(id, chat);
    return chat;
  }

  /** Gives the draft, which has its first message now, its place; the next draft is a new one. */
  settle(chat: Chat) {
    if (chat.id === null || this.#open.has(chat.id)) return;
    this.#open.set(chat.id, chat);
    if (chat === this.#draft) this.#draft = new Chat(null);
  }

  /** A new conversation of the messages up to this one; its id. Files are shared by reference. */
  branch(chat: Chat, turn: Turn): string | undefined {
    const conversation = chat.id === null ? undefined : conversations.copy(chat.id);
    if (!conversation) return undefined;
    const { id } = conversation;
    const records = copyPath(chat.pathTo(turn), id);
    this.#open.set(id, new Chat(id, records));
    const write = { put: records, leaf: records.at(-1)?.id };
    const key = `${conversations.key(id)}/copied`;
    void unsaved.write(key, () => conversations.saveMessages(id, write));
    return id;
  }

  /** Ends the reply of a conversation that this tab writes; what was written is saved. */
  stop(id: string) {
    this.#open.get(id)?.stopOwn();
  }

  /** Ends the replies of these conversations that this tab writes, and forgets them. */
  close(ids: string[]) {
    for (const id of ids) {
      this.#open.get(id)?.close();
      this.#open.delete(id);
    }
  }

  /** Another tab deleted it for good: what was written here and not sent goes into the chat that is new. */
  #lose(id: string) {
    const unsent = this.#open.get(id)?.unsent;
    const texts = unsent ? [unsent.editing?.text, unsent.text, ...unsent.queue.map(textOf)] : [];
    const written = texts.filter((text) => text);
    if (written.length > 0) {
      const all = [this.#draft.draft, ...written].filter((text) => text !== '');
      this.#draft.draft = all.join('\n\n');
      toasts.show({
        text: 'Another tab deleted this chat. What you had not sent is in the box of a new chat.',
        lasting: true,
      });
    }
    this.close([id]);
  }

  #make(id: string | null): Chat {
    const kept = this.#drafts.get(id ?? '');
    this.#drafts.delete(id ?? '');
    return new Chat(id, [], kept);
  }

  /** Another tab asks for it. */
  #stopMessage(messageId: string) {
    for (const chat of this.#open.values()) chat.stopOwn([messageId]);
  }
}

/** What storage has refused of a chat. */
function carry({ id, refused }: Chat): Carried[] {
  const conversation = id === null ? undefined : conversations.known(id);
  if (!conversation || refused.length === 0) return [];
  return [{ conversation, isNew: conversations.isNew(conversation.id), messages: refused }];
}

function textOf({ text }: { text: string }): string {
  return text;
}

export const chats = new Chats();
