/** Settings in the page's database: one record a setting, each with a guard and a default. */
import { withDatabase } from './database';
import { isObject } from '#core/is-object';

export type Theme = 'light' | 'dark' | 'auto';

/** How far a download came, as last seen; the store itself knows better once it goes on. */
export interface UnfinishedPull {
  name: string;
  /** Bytes. */
  completed: number;
  /** Bytes. */
  total: number;
}

export interface Settings {
  theme: Theme;
  /** The model of the last chat. */
  model: string | null;
  unfinishedPull: UnfinishedPull | null;
}

const GUARDS: { [K in keyof Settings]: (value: unknown) => Settings[K] } = {
  theme: (value) => (value === 'light' || value === 'dark' ? value : 'auto'),
  model: (value) => (typeof value === 'string' ? value : null),
  unfinishedPull: (value) => {
    if (!isObject(value)) return null;
    const { name, completed, total } = value;
    if (typeof name !== 'string' || !isSize(completed) || !isSize(total)) return null;
    return { name, completed: Math.min(completed, total), total };
  },
};

/** All settings, a missing or damaged one at its default. */
export function readSettings(): Promise<Settings> {
  return withDatabase(async (db) => {
    const [theme, model, unfinishedPull] = await Promise.all([
      db.get('settings', 'theme'),
      db.get('settings', 'model'),
      db.get('settings', 'unfinishedPull'),
    ]);
    return {
      theme: GUARDS.theme(theme),
      model: GUARDS.model(model),
      unfinishedPull: GUARDS.unfinishedPull(unfinishedPull),
    };
  });
}

export function writeSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
  return withDatabase(async (db) => {
    await db.put('settings', value, key);
  });
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
