import type { ChatSetup } from '$lib/storage/records';
import { conversations } from './conversations.svelte';

/** Owns what a person set for one chat; of a chat that has no message yet it is kept here alone. */
export class OwnSetup {
  #idOf: () => string | null;
  #draft = $state.raw<ChatSetup>({});

  constructor(idOf: () => string | null) {
    this.#idOf = idOf;
  }

  get values(): ChatSetup {
    const id = this.#idOf();
    return id === null ? this.#draft : (conversations.known(id)?.setup ?? {});
  }

  /** Sets some of it; a field that is `undefined` is the model's own again. */
  set(change: Partial<ChatSetup>) {
    const all = Object.entries({ ...this.values, ...change });
    this.#replace(Object.fromEntries(all.filter(([, value]) => value !== undefined)));
  }

  /** Everything is the model's own again; which models answer stays. */
  reset() {
    const { model, compare } = this.values;
    this.#replace({ ...(model === undefined ? {} : { model }), ...(compare && { compare }) });
  }

  #replace(setup: ChatSetup) {
    const id = this.#idOf();
    if (id === null) this.#draft = setup;
    else conversations.setUp(id, setup);
  }
}
