import { matching, queryOf } from '#core/prompts';
import type { Chat } from '$lib/state/chat.svelte';
import { prompts, type OfferedPrompt } from '$lib/state/prompts.svelte';

/** The list that `/` opens above the composer: what is found, and what is chosen in it. */
export class Slash {
  readonly #chat: Chat;
  /** What Escape closed it at. */
  #closedAt = $state<string | null>(null);
  #at = $state({ query: '', index: 0 });
  readonly #pick: (prompt: OfferedPrompt | 'manage') => void;

  constructor(chat: Chat, pick: (prompt: OfferedPrompt | 'manage') => void) {
    this.#chat = chat;
    this.#pick = pick;
  }

  get query(): string | null {
    return queryOf(this.#chat.draft);
  }

  get found(): OfferedPrompt[] {
    return this.query === null ? [] : matching(prompts.all, this.query);
  }

  /** What matches no prompt is a message like any other. */
  get open(): boolean {
    return this.found.length > 0 && this.#chat.draft !== this.#closedAt;
  }

  /** Of `found`, and behind it the entry that leads to all. */
  get active(): number {
    return this.#at.query === this.query ? Math.min(this.#at.index, this.found.length) : 0;
  }

  set active(index: number) {
    this.#at = { query: this.query ?? '', index };
  }

  choose(index: number) {
    this.#pick(this.found[index] ?? 'manage');
  }

  /** True where the key was the list's. */
  key(event: KeyboardEvent): boolean {
    if (!this.open || event.shiftKey) return false;
    const count = this.found.length + 1;
    if (event.key === 'ArrowDown') this.active = (this.active + 1) % count;
    else if (event.key === 'ArrowUp') this.active = (this.active + count - 1) % count;
    else if (event.key === 'Enter') this.choose(this.active);
    else if (event.key === 'Escape') this.#closedAt = this.#chat.draft;
    else return false;
    event.preventDefault();
    return true;
  }
}
