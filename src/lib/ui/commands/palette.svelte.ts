import { Search } from '$lib/state/search.svelte';
import { conversations } from '$lib/state/conversations.svelte';
import { sectionsFor, type Item } from './palette-items';

/** Owns what is looked for in the palette, and what is chosen of what was found. */
export class Palette {
  readonly #search = new Search();
  #query = $state('');
  #chosen = $state<string | null>(null);
  #sections = $derived(sectionsFor(this.#query, this.#search.result));
  #items = $derived(this.#sections.flatMap(({ items }) => items));

  get query() {
    return this.#query;
  }

  /** Another query begins at its first result. */
  set query(query: string) {
    this.#query = query;
    this.#chosen = null;
    if (query.trim() !== '' && conversations.listed.length > 0) this.#search.ask(query);
  }

  get sections() {
    return this.#sections;
  }

  get count() {
    return this.#items.length;
  }

  /** Why the texts of the chats could not be searched. */
  get error() {
    return this.#query.trim() === '' ? null : this.#search.error;
  }

  /** What Enter takes: it stays the same when more is found. */
  get active(): Item | undefined {
    return this.#items.find(({ id }) => id === this.#chosen) ?? this.#items[0];
  }

  choose(item: Item) {
    this.#chosen = item.id;
  }

  /** Goes down, or up, and round. */
  step(by: number) {
    const { active } = this;
    const count = this.#items.length;
    if (!active) return;
    const at = (this.#items.indexOf(active) + by + count) % count;
    this.#chosen = this.#items[at]?.id ?? null;
  }
}
