import { OFFER_PASTE, TAKE_PASTE } from '#core/attachments/limits';
import { attachments, trayOf } from '$lib/state/attachments.svelte';
import type { Chat } from '$lib/state/chat.svelte';

/** What happens with what is pasted into the composer. */
export class Paste {
  readonly #chat: Chat;
  /** Of the last paste that is long enough to be a file. */
  #pasted = $state.raw('');

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Characters that may become a file; 0: nothing is offered. */
  get offered(): number {
    const has = this.#pasted !== '' && this.#chat.draft.includes(this.#pasted);
    return has ? this.#pasted.length : 0;
  }

  take(event: ClipboardEvent, model: string | null) {
    const { clipboardData } = event;
    if (!clipboardData || model === null) return;
    const text = clipboardData.getData('text/plain').replace(/\r\n?/g, '\n');
    // Offices put a picture of the text beside it.
    if (clipboardData.files.length > 0 && text === '') {
      event.preventDefault();
      void trayOf(this.#chat).add([...clipboardData.files], model);
    } else if (text.length > TAKE_PASTE) {
      event.preventDefault();
      this.#add(text, model);
    } else if (text.length > OFFER_PASTE) this.#pasted = text;
  }

  /** Makes a file of what was pasted, and takes it out of the message. */
  accept(model: string) {
    this.#chat.draft = this.#chat.draft.replace(this.#pasted, () => '');
    this.#add(this.#pasted, model);
    this.#pasted = '';
  }

  #add(text: string, model: string) {
    const names = attachments.of(this.#chat.unsent.attachments).map(({ name }) => name);
    let name = 'Pasted text.txt';
    for (let nth = 2; names.includes(name); nth++) name = `Pasted text ${nth}.txt`;
    void trayOf(this.#chat).add([new File([text], name, { type: 'text/plain' })], model);
  }
}
