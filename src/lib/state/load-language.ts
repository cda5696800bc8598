import type { Language } from '#core/language';
import type { LanguageTag } from '#core/languages';
import { loadLate } from '$lib/client/late';

type Other = Exclude<LanguageTag, 'en'>;

/** Each a part of its own, kept for offline use once it was chosen. */
const CATALOGUES: Record<Other, () => Promise<{ catalogue: Language['catalogue'] }>> = {
  de: () => import('#core/messages/de.late'),
};

const loaded = new Map<Other, Language>();

/** @throws PaddockError `not_kept` where its words cannot be had. */
export async function loadLanguage(tag: Other): Promise<Language> {
  const known = loaded.get(tag);
  if (known) return known;
  const { catalogue } = await loadLate(tag, CATALOGUES[tag]);
  const language = { tag, numbers: tag, dates: tag, catalogue };
  loaded.set(tag, language);
  return language;
}
