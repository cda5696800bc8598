/** What the Settings page has, in one table: what is shown, what is searched, and what a link may lead to. */
import { inEnglish } from '#core/language';
import * as m from '#core/messages/settings';
import { fold, wordsOf } from '#core/search/fold';

type Said = () => string;

export interface SettingGroup {
  id: string;
  title: Said;
}

export interface SettingRow {
  /** The element's, and so the address: `/settings#theme`. It stays. */
  id: string;
  /** The id of its group. */
  group: string;
  label: Said;
  /** In a sentence. */
  about: Said;
  /** Other words for it, that somebody may look for. */
  words: Said;
}

export const SETTING_GROUPS: readonly SettingGroup[] = [
  { id: 'appearance', title: m.settings_appearance },
  { id: 'privacy', title: m.settings_privacy },
  { id: 'storage', title: m.settings_storage },
  { id: 'exchange', title: m.settings_exchange },
  { id: 'chats', title: m.settings_chats },
  { id: 'help', title: m.settings_keyboard },
  { id: 'about', title: m.settings_about },
];

export const SETTING_ROWS: readonly SettingRow[] = [
  {
    id: 'theme',
    group: 'appearance',
    label: m.settings_theme,
    about: m.settings_theme_about,
    words: m.settings_theme_words,
  },
  {
    id: 'language',
    group: 'appearance',
    label: m.settings_language,
    about: m.settings_language_about,
    words: m.settings_language_words,
  },
  {
    id: 'text-size',
    group: 'appearance',
    label: m.settings_size,
    about: m.settings_size_about,
    words: m.settings_size_words,
  },
  {
    id: 'wrap-code',
    group: 'appearance',
    label: m.settings_wrap,
    about: m.settings_wrap_about,
    words: m.settings_wrap_words,
  },
  {
    id: 'network',
    group: 'privacy',
    label: m.settings_privacy,
    about: m.settings_network_about,
    words: m.settings_network_words,
  },
  {
    id: 'storage-use',
    group: 'storage',
    label: m.settings_storage,
    about: m.settings_storage_about,
    words: m.settings_storage_words,
  },
  {
    id: 'import',
    group: 'exchange',
    label: m.settings_import,
    about: m.settings_import_about,
    words: m.settings_import_words,
  },
  {
    id: 'export',
    group: 'exchange',
    label: m.settings_export,
    about: m.settings_export_about,
    words: m.settings_export_words,
  },
  {
    id: 'backup',
    group: 'exchange',
    label: m.settings_backup,
    about: m.settings_backup_about,
    words: m.settings_backup_words,
  },
  {
    id: 'titles',
    group: 'chats',
    label: m.settings_titles,
    about: m.settings_titles_about,
    words: m.settings_titles_words,
  },
  {
    id: 'delete-chats',
    group: 'chats',
    label: m.settings_delete,
    about: m.settings_delete_about,
    words: m.settings_delete_words,
  },
  {
    id: 'tools',
    group: 'chats',
    label: m.settings_tools,
    about: m.settings_tools_about,
    words: m.settings_tools_words,
  },
  {
    id: 'keyboard',
    group: 'help',
    label: m.settings_keyboard,
    about: m.settings_keyboard_about,
    words: m.settings_keyboard_words,
  },
  {
    id: 'version',
    group: 'about',
    label: m.settings_version_row,
    about: m.settings_version_about,
    words: m.settings_version_words,
  },
  {
    id: 'diagnostics',
    group: 'about',
    label: m.settings_diagnostics,
    about: m.settings_diagnostics_about,
    words: m.settings_diagnostics_words,
  },
];

function wordsIn({ group, label, about, words }: SettingRow): string {
  return [groupTitle(group), label(), about(), words()].join(' ');
}

/** The ids of the rows that have every word of `query`, spoken or English; all rows where it is empty. */
export function findSettings(query: string): Set<string> {
  const words = wordsOf(query);
  const found = SETTING_ROWS.filter((row) => {
    const text = fold(`${wordsIn(row)} ${inEnglish(() => wordsIn(row))}`);
    return words.every((word) => text.includes(word));
  });
  return new Set(found.map(({ id }) => id));
}

/** @throws RangeError for an id that the table does not have */
export function settingRow(id: string): SettingRow {
  const row = SETTING_ROWS.find((one) => one.id === id);
  if (!row) throw new RangeError(`There is no setting "${id}".`);
  return row;
}

export function groupTitle(id: string): string {
  return SETTING_GROUPS.find((one) => one.id === id)?.title() ?? '';
}

/** For screen readers. */
export function foundWords(count: number): string {
  return count === 0 ? m.settings_search_found_none() : m.settings_search_found({ count });
}
