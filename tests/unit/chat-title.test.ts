/** What a model writes as a title, and what is taken for one. */
import { expect, it } from 'vitest';
import { TITLE_QUESTION, titleOf } from '../../src/lib/core/chat-title';

const QUESTION = 'Why is the sky blue, and what of Mars?';

it.each([
  ['Colours of the sky', 'Colours of the sky'],
  ['"Colours of the sky."', 'Colours of the sky'],
  ['Title: **Colours of the sky**\n\nIt is about', 'Colours of the sky'],
  ['## Colours of the sky', 'Colours of the sky'],
  ['- Colours of  the\tsky', 'Colours of the sky'],
  ['<think>\nHm.\n</think>\n\nColours of the sky', 'Colours of the sky'],
  ['„Farben des Himmels“', 'Farben des Himmels'],
  ['天空为什么是蓝色的', '天空为什么是蓝色的'],
  ['Colours\u202e of the sky', 'Colours of the sky'],
])('%j is a title', (written, title) => {
  expect(titleOf(written, false, QUESTION)).toBe(title);
});

it.each([
  ['nothing', ''],
  ['blanks', ' \n '],
  ['no words', '42 — !!'],
  ['markup', '<title>Sky</title>'],
  ['data', '{"title": "Sky"}'],
  ['an address', 'https://example.com'],
  ['the question again', 'Why is the sky blue'],
  ['the instruction again', TITLE_QUESTION],
  ['chatter', 'Sure, here is a title for this chat'],
  ['chatter with a contraction', "I'm sorry, but I cannot"],
  ['a word over and over', 'sky sky sky sky'],
  ['broken letters', 'Sky \ufffd\ufffd'],
  ['a thought without an end', '<think>The user wants a title'],
])('%s is none', (_, written) => {
  expect(titleOf(written, false, QUESTION)).toBeNull();
});

it('a sentence that the limit cut is none; a title with more behind it is one', () => {
  expect(titleOf('The sky is blue because the', true, QUESTION)).toBeNull();
  expect(titleOf('Colours of the sky\nThe sky is blue because the', true, QUESTION)).toBe(
    'Colours of the sky',
  );
});

it('a long title keeps whole words, and is never longer than 60 characters', () => {
  const title = titleOf('wonderful '.repeat(3) + 'colours of the evening sky over Bern', false, '');
  expect([...title!].length).toBeLessThanOrEqual(60);
  expect(title).toMatch(/(wonderful|colours|of|the|evening|sky)…$/);
});
