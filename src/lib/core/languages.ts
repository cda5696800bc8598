/** The languages that Paddock speaks: those of `project.inlang/settings.json`. */
interface Known {
  /** It is read from the right. */
  rtl?: true;
  /** Not every area speaks it: it is for those who choose it, and nobody's browser does. */
  part?: true;
}

export type LanguageTag = 'en' | 'de';

export const LANGUAGES: Record<LanguageTag, Known> = {
  en: {},
  de: { part: true },
};

export const LANGUAGE_TAGS = Object.keys(LANGUAGES) as LanguageTag[];

export function isLanguage(value: unknown): value is LanguageTag {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}

/** The first of `preferred` (BCP 47 tags, most wanted first) that Paddock speaks in all areas, or English. */
export function languageOf(preferred: readonly string[]): LanguageTag {
  const tags = preferred.map((tag) => tag.toLowerCase().split('-', 1)[0]);
  return (
    (tags.find((tag) => isLanguage(tag) && !LANGUAGES[tag].part) as LanguageTag | undefined) ?? 'en'
  );
}
