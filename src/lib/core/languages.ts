/** The languages that Paddock speaks: those of `project.inlang/settings.json`. */
interface Known {
  /** In the language itself. */
  name: string;
  dir: 'ltr' | 'rtl';
  /** Every area speaks it. Else it is for those who choose it, and nobody's browser does. */
  whole: boolean;
}

export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr', whole: true },
  de: { name: 'Deutsch', dir: 'ltr', whole: false },
} satisfies Record<string, Known>;

export type LanguageTag = keyof typeof LANGUAGES;

export const LANGUAGE_TAGS = Object.keys(LANGUAGES) as LanguageTag[];

export function isLanguage(value: unknown): value is LanguageTag {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}

/** The first of `preferred` (BCP 47 tags, most wanted first) that Paddock speaks in all areas, or English. */
export function languageOf(preferred: readonly string[]): LanguageTag {
  const tags = preferred.map((tag) => tag.toLowerCase().split('-', 1)[0]);
  return (
    (tags.find((tag) => isLanguage(tag) && LANGUAGES[tag].whole) as LanguageTag | undefined) ?? 'en'
  );
}
