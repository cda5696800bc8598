/** Settings in the page's database: one record a setting, each with a guard and a default. */
import { isLanguage, type LanguageTag } from '#core/languages';
import { announce } from './changes';
import { withDatabase } from './database';

export type Theme = 'light' | 'dark' | 'auto';

export interface Settings {
  theme: Theme;
  /** `system`: as the browser prefers. */
  language: 'system' | LanguageTag;
  /** The model of the last chat. */
  model: string | null;
  /** True: nothing but the site's own origin may be asked for anything. */
  networkOff: boolean;
  /** Long lines of code wrap. */
  wrapCode: boolean;
}

const GUARDS: { [K in keyof Settings]: (value: unknown) => Settings[K] } = {
  theme: (value) => (value === 'light' || value === 'dark' ? value : 'auto'),
  language: (value) => (isLanguage(value) ? value : 'system'),
  model: (value) => (typeof value === 'string' ? value : null),
  networkOff: (value) => value === true,
  wrapCode: (value) => value === true,
};

/** All settings, a missing or damaged one at its default. */
export async function readSettings(): Promise<Settings> {
  const [theme, language, model, networkOff, wrapCode] = await Promise.all([
    readSetting('theme'),
    readSetting('language'),
    readSetting('model'),
    readSetting('networkOff'),
    readSetting('wrapCode'),
  ]);
  return { theme, language, model, networkOff, wrapCode };
}

/** One setting; a missing or damaged one at its default. */
export function readSetting<K extends keyof Settings>(key: K): Promise<Settings[K]> {
  return withDatabase(async (db) => GUARDS[key](await db.get('settings', key)));
}

export async function writeSetting<K extends keyof Settings>(
  key: K,
  value: Settings[K],
): Promise<void> {
  await withDatabase(async (db) => {
    await db.put('settings', value, key);
  });
  announce({ type: 'setting', key });
}

export function isSettingKey(key: string): key is keyof Settings {
  return Object.hasOwn(GUARDS, key);
}
