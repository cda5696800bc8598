/** Settings in the page's database: one record a setting, each with a guard and a default. */
import { isObject } from '#core/is-object';
import { isLanguage, type LanguageTag } from '#core/languages';
import { announce } from './changes';
import { withDatabase } from './database';

export type Theme = 'light' | 'dark' | 'auto';

/** Times the browser's own size: see app.css. */
export type TextSize = 'small' | 'normal' | 'large' | 'larger';

/** Who names a chat that nobody has named: its first words alone, or after them the model. */
export type Titles = 'words' | 'model';

export interface Settings {
  theme: Theme;
  textSize: TextSize;
  /** `system`: as the browser prefers. */
  language: 'system' | LanguageTag;
  /** The model of the last chat. */
  model: string | null;
  /** True: nothing but the site's own origin may be asked for anything. */
  networkOff: boolean;
  /** Long lines of code wrap. */
  wrapCode: boolean;
  /** By tools' names: what is not asked any more before each call. */
  toolApprovals: ToolApprovals;
  /** Wide pages have the sidebar. */
  sidebar: boolean;
  /** Keys without a modifier are shortcuts where nothing is typed: who speaks to the page may not want that. */
  plainKeys: boolean;
  /** The tour was shown. */
  toured: boolean;
  titles: Titles;
}

export type ToolApprovals = Record<string, 'always' | 'never'>;

const SIZES = ['small', 'normal', 'large', 'larger'] as const satisfies TextSize[];

const GUARDS: { [K in keyof Settings]: (value: unknown) => Settings[K] } = {
  theme: (value) => (value === 'light' || value === 'dark' ? value : 'auto'),
  textSize: (value) => SIZES.find((size) => size === value) ?? 'normal',
  language: (value) => (isLanguage(value) ? value : 'system'),
  model: (value) => (typeof value === 'string' ? value : null),
  networkOff: (value) => value === true,
  wrapCode: (value) => value === true,
  toolApprovals: parseApprovals,
  sidebar: (value) => value !== false,
  plainKeys: (value) => value !== false,
  toured: (value) => value === true,
  titles: (value) => (value === 'words' ? value : 'model'),
};
const KEYS = Object.keys(GUARDS) as (keyof Settings)[];

/** What holds until somebody chooses: what a guard makes of nothing. */
export function defaultSettings(): Settings {
  return withEach((key) => GUARDS[key](undefined));
}

/** What is neither is asked for again. */
function parseApprovals(value: unknown): ToolApprovals {
  if (!isObject(value)) return {};
  const known = Object.entries(value).filter(([, one]) => one === 'always' || one === 'never');
  return Object.fromEntries(known) as ToolApprovals;
}

/** All settings, a missing or damaged one at its default. */
export async function readSettings(): Promise<Settings> {
  const read = await Promise.all(KEYS.map(readSetting));
  return withEach((_, at) => read[at]);
}

function withEach(value: (key: keyof Settings, at: number) => unknown): Settings {
  return Object.fromEntries(KEYS.map((key, at) => [key, value(key, at)])) as unknown as Settings;
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
