import { toWire, type WireError } from '#core/errors';
import { ENGLISH, speakBy, type Language } from '#core/language';
import { LANGUAGES, languageOf } from '#core/languages';
import type { Settings } from '$lib/storage/settings';

/** The language of this page, which follows the setting without a reload. */
class PageLanguage {
  spoken = $state.raw<Language>(ENGLISH);
  /** Why the chosen language is not spoken; what was spoken before goes on. */
  error = $state.raw<WireError | null>(null);
  #wanted = '';

  /** What `<html>` says of it. */
  get marks() {
    const { tag: lang } = this.spoken;
    return { lang, dir: LANGUAGES[lang].rtl ? 'rtl' : 'ltr' } as const;
  }

  /** Ends when it is spoken, or cannot be; never rejects. */
  async follow(choice: Settings['language']) {
    const tag = choice === 'system' ? languageOf(navigator.languages) : choice;
    this.#wanted = tag;
    let language = ENGLISH;
    let error = null;
    try {
      // Not on the first page's bill.
      if (tag !== 'en') language = await (await import('./load-language')).loadLanguage(tag);
    } catch (failure) {
      error = toWire(failure);
      language = this.spoken;
    }
    if (this.#wanted !== tag) return;
    this.spoken = language;
    this.error = error;
  }
}

export const language = new PageLanguage();
speakBy(() => language.spoken);
