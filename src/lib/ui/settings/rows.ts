/** What the Settings page has, in one table: what is shown, what is searched, and what a link may lead to. */
import { fold, wordsOf } from '#core/search/fold';

export interface SettingGroup {
  id: string;
  title: string;
}

export interface SettingRow {
  /** The element's, and so the address: `/settings#theme`. It stays. */
  id: string;
  /** The id of its group. */
  group: string;
  label: string;
  /** In a sentence. */
  about: string;
  /** Other words for it, that somebody may look for. */
  words: string;
}

export const SETTING_GROUPS: readonly SettingGroup[] = [
  { id: 'appearance', title: 'Appearance' },
  { id: 'privacy', title: 'Privacy and network' },
  { id: 'storage', title: 'Storage' },
  { id: 'exchange', title: 'Chats: export, import, backup' },
  { id: 'chats', title: 'Chats' },
  { id: 'help', title: 'Keyboard and first steps' },
  { id: 'about', title: 'About' },
];

export const SETTING_ROWS: readonly SettingRow[] = [
  {
    id: 'theme',
    group: 'appearance',
    label: 'Theme',
    about: 'Light, dark, or as the system is set.',
    words: 'colours colors mode night bright contrast look',
  },
  {
    id: 'language',
    group: 'appearance',
    label: 'Language',
    about: 'Of everything here but the chats, whose language is the model’s and yours.',
    words: 'translation locale english german deutsch sprache',
  },
  {
    id: 'text-size',
    group: 'appearance',
    label: 'Text size',
    about: 'Of everything here; it goes with the size that the browser is set to.',
    words: 'font zoom larger smaller bigger scale readable accessibility',
  },
  {
    id: 'wrap-code',
    group: 'appearance',
    label: 'Long lines of code',
    about: 'Wrapped, or in a box that scrolls sideways.',
    words: 'wrap break overflow scroll block',
  },
  {
    id: 'network',
    group: 'privacy',
    label: 'Privacy and network',
    about: 'What leaves this device, and the switch that lets nothing out.',
    words: 'offline internet hosts connections telemetry tracking data',
  },
  {
    id: 'storage-use',
    group: 'storage',
    label: 'Storage',
    about: 'How much models and chats take, and whether the browser may remove it.',
    words: 'disk space quota memory persistent keep free full',
  },
  {
    id: 'import',
    group: 'exchange',
    label: 'Import or restore',
    about: 'Chats from a file, or a backup.',
    words: 'bring in load upload open chatgpt llama.cpp open webui json jsonl zip',
  },
  {
    id: 'export',
    group: 'exchange',
    label: 'Export all chats',
    about: 'As files to read, or to import elsewhere.',
    words: 'save download json markdown html zip',
  },
  {
    id: 'backup',
    group: 'exchange',
    label: 'Save a backup',
    about: 'Chats, folders, prompts, settings and presets in one ZIP.',
    words: 'copy archive move device migrate safe',
  },
  {
    id: 'titles',
    group: 'chats',
    label: 'Titles of new chats',
    about:
      'Its first words name a chat at once; after the first reply the model may find a better title, while nothing else waits for it.',
    words: 'name rename automatic summary sidebar',
  },
  {
    id: 'delete-chats',
    group: 'chats',
    label: 'Delete all chats',
    about: 'For good, those in the trash too.',
    words: 'remove erase clear wipe reset history trash',
  },
  {
    id: 'tools',
    group: 'chats',
    label: 'Tools',
    about: 'What a model may call, and whether it has to ask each time.',
    words:
      'function calling approval allow always never calculator date javascript sandbox permission',
  },
  {
    id: 'keyboard',
    group: 'help',
    label: 'Keyboard and first steps',
    about: 'All shortcuts, and the tour of a chat.',
    words: 'shortcuts keys hotkeys help tour introduction palette commands',
  },
  {
    id: 'version',
    group: 'about',
    label: 'Version and licences',
    about: 'Of this site.',
    words: 'build release update license open source notices',
  },
  {
    id: 'diagnostics',
    group: 'about',
    label: 'Diagnostics',
    about: 'What this browser and device give to models.',
    words: 'webgpu gpu graphics hardware report problem support wasm threads',
  },
];

/** The ids of the rows that have every word of `query`; all rows where it is empty. */
export function findSettings(query: string): Set<string> {
  const words = wordsOf(query);
  const found = SETTING_ROWS.filter((row) => {
    const text = fold(`${groupTitle(row.group)} ${row.label} ${row.about} ${row.words}`);
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
  return SETTING_GROUPS.find((one) => one.id === id)?.title ?? '';
}

/** For screen readers. */
export function foundWords(count: number): string {
  if (count === 0) return 'No setting found.';
  return count === 1 ? '1 setting found.' : `${count} settings found.`;
}
