import { toWire, type WireError } from '#core/errors';
import { ENGLISH, speakBy, type Language } from '#core/language';
import { LANGUAGES, languageOf, type LanguageTag } from '#core/languages';
import type { Settings } from '$lib/storage/settings';

/** The language of this page, which follows the setting without a reload. */
class PageLanguage {
  #spoken = $state.raw<Language>(ENGLISH);
  #error = $state.raw<WireError | null>(null);
  #wanted: LanguageTag = 'en';

  get spoken() {
    return this.#spoken;
  }

  /** Why the chosen language is not spoken; what was spoken before goes on. */
  get error() {
    return this.#error;
  }

  /** What `<html>` says of it. */
  get marks() {
    const { tag } = this.#spoken;
    return { lang: tag, dir: LANGUAGES[tag].dir };
  }

  /** Ends when it is spoken, or cannot be. */
  async follow(choice: Settings['language']) {
    const tag = choice === 'system' ? languageOf(navigator.languages) : choice;
    this.#wanted = tag;
    try {
      const language = tag === 'en' ? ENGLISH : await load(tag);
      if (this.#wanted !== tag) return;
      this.#spoken = language;
      this.#error = null;
    } catch (error) {
      if (this.#wanted === tag) this.#error = toWire(error);
    }
  }
}

/** Not on the first page's bill. @throws PaddockError */
async function load(tag: Exclude<LanguageTag, 'en'>) {
  const { loadLanguage } = await import('./load-language');
  return loadLanguage(tag);
}

export const language = new PageLanguage();
speakBy(() => language.spoken);
