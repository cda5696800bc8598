import { rangesOf, wordsOf } from '#core/search/fold';
import type { Snippet } from '#core/search/snippet';
import { findSettings, SETTING_ROWS } from './rows';

/** Owns what is searched for on the Settings page. */
class Finder {
  query = $state('');
  #words = $derived(wordsOf(this.query));
  #found = $derived(findSettings(this.query));

  /** The words searched for, folded; none: everything is shown. */
  get words() {
    return this.#words;
  }

  get count() {
    return this.#found.size;
  }

  has(row: string): boolean {
    return this.#found.has(row);
  }

  /** The text, with what of it is searched for. */
  marked(text: string): Snippet {
    return { text, marks: rangesOf(text, this.#words) };
  }

  hasIn(group: string): boolean {
    return SETTING_ROWS.some((row) => row.group === group && this.has(row.id));
  }
}

export const finder = new Finder();
