/** The table behind the Settings page's search and its addresses. */
import { afterEach, expect, it } from 'vitest';
import { ENGLISH, speakBy } from '#core/language';
import { catalogue } from '#core/messages/de.late';
import {
  findSettings,
  foundWords,
  SETTING_GROUPS,
  SETTING_ROWS,
  settingRow,
} from '../../src/lib/ui/settings/rows';

it.each([
  ['a label', 'theme', ['theme']],
  ['a synonym, whatever its case', 'FONT', ['text-size']],
  ['a part of a word', 'licen', ['version']],
  ['words of label and synonyms, in any order', 'html save', ['export']],
  ['accents that nobody typed', 'thémè', ['theme']],
  ['a group, with all of its rows', 'appearance', ['theme', 'language', 'text-size', 'wrap-code']],
])('finds %s', (_, query, ids) => {
  expect([...findSettings(query)]).toEqual(ids);
});

afterEach(() => speakBy(() => ENGLISH));

it.each(['Schriftgröße', 'schriftgrosse', 'text size', 'FONT', 'barrierefreiheit zoom'])(
  'finds a setting by the words of the spoken language and by English ones: %s',
  (query) => {
    speakBy(() => ({ ...ENGLISH, tag: 'de', catalogue }));
    expect([...findSettings(query)]).toEqual(['text-size']);
  },
);

it('every word counts: what lacks one is not found', () => {
  expect(findSettings('theme zip').size).toBe(0);
});

it('without a query everything is there', () => {
  expect(findSettings('  ').size).toBe(SETTING_ROWS.length);
});

it('each id stands once, in a group that there is, and can be an address', () => {
  const ids = [...SETTING_ROWS, ...SETTING_GROUPS].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z-]+$/.test(id))).toEqual([]);
  const groups = SETTING_GROUPS.map(({ id }) => id);
  expect(SETTING_ROWS.filter(({ group }) => !groups.includes(group))).toEqual([]);
  expect(() => settingRow('nothing')).toThrow(RangeError);
});

it('says how many, one and none too', () => {
  expect([0, 1, 2].map(foundWords)).toEqual([
    'No setting found.',
    '1 setting found.',
    '2 settings found.',
  ]);
});
