import type { Chat } from '$lib/state/chat.svelte';

/** The chat that the page shows, for commands that are about it. */
class Here {
  #chat = $state.raw<Chat | null>(null);
  #model = $state<string | null>(null);

  get chat() {
    return this.#chat;
  }

  /** The one that the next message goes to. */
  get model() {
    return this.#model;
  }

  /** Returns what ends it. */
  enter(chat: Chat, model: string | null): () => void {
    this.#chat = chat;
    this.#model = model;
    return () => {
      if (this.#chat === chat) this.#chat = null;
    };
  }
}

export const here = new Here();
