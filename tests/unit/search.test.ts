import { describe, expect, it } from 'vitest';
import { fold, rangesOf, wordsOf } from '#core/search/fold';
import { scan, type SearchChat } from '#core/search/scan';
import { snippetOf } from '#core/search/snippet';

/** What a reader sees marked of `text`. */
function marked(text: string, query: string): string[] {
  return rangesOf(text, wordsOf(query)).map(([start, end]) => text.slice(start, end));
}

describe('folding', () => {
  it.each([
    ['Éclair', 'eclair'],
    ['E\u0301CLAIR', 'eclair'],
    ['ﬁne Ⅳ ½', 'fine iv 1⁄2'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['İstanbul', 'istanbul'],
    ['ｶﾞ', 'カ'],
  ])('makes %s comparable', (text, folded) => expect(fold(text)).toBe(folded));

  it('takes a query apart, each word once', () => {
    expect(wordsOf('  Déjà  vu deja \u0301')).toEqual(['deja', 'vu']);
    expect(wordsOf(' \n')).toEqual([]);
  });
});

describe('marks stand in the original text', () => {
  it.each([
    ['a composed letter', 'the café is open', 'cafe', ['café']],
    ['a letter with combining marks', 'the cafe\u0301\u0323 is open', 'CAFÉ', ['cafe\u0301\u0323']],
    ['a ligature that is longer when folded', 'an oﬃce here', 'office here', ['oﬃce', 'here']],
    ['half a ligature is the whole one', 'oﬃce', 'off', ['oﬃ']],
    ['Chinese, in the middle of a sentence', '我喜欢在浏览器里运行模型。', '浏览器', ['浏览器']],
    ['Japanese with a voicing mark', 'かばん と がいこく', 'かいこく', ['がいこく']],
    ['Korean, a whole syllable for its beginning', '한국어', '하', ['한']],
    ['behind emoji', '👩‍🚀🚀 launch', 'launch', ['launch']],
    ['an emoji that is a family stays whole', 'x 👨‍👩‍👧 y', '👩', ['👨‍👩‍👧']],
    ['overlaps as one', 'abcabc', 'abca bcabc', ['abcabc']],
    ['code', 'if (a<b) return x[i]++;', 'x[i]++', ['x[i]++']],
    ['nothing', 'abc', 'd', []],
  ])('%s', (_, text, query, expected) => expect(marked(text, query)).toEqual(expected));
});

describe('a snippet', () => {
  const of = (text: string, query: string) => snippetOf(text, fold(text), wordsOf(query));

  it('begins a little before the first hit, and says where it was cut', () => {
    const { text, marks } = of(`${'before '.repeat(50)}NEEDLE${' after'.repeat(50)}`, 'needle');
    expect(text).toMatch(/^….*NEEDLE.*…$/);
    expect(text.length).toBeLessThan(220);
    expect(marks.map(([a, b]) => text.slice(a, b))).toEqual(['NEEDLE']);
  });

  it('finds the place behind characters that fold to more or to none', () => {
    const { text, marks } = of(`${'ﬃ'.repeat(300)} e\u0301 ${'👩‍🚀'.repeat(40)} needle`, 'needle');
    expect(marks.map(([a, b]) => text.slice(a, b))).toEqual(['needle']);
    expect(text).not.toMatch(/^…?[\uDC00-\uDFFF]/);
  });

  it('has one line', () => {
    expect(of('a\n\n  needle\t b', 'needle').text).toBe('a needle b');
  });
});

describe('the scan', () => {
  const chat = (id: string, updatedAt: number, title: string, ...texts: string[]): SearchChat => ({
    ...{ id, title, foldedTitle: fold(title), updatedAt },
    messages: texts.map((text, n) => ({ id: `${id}${n}`, text, folded: fold(text) })),
  });
  const chats = [
    chat('old', 1, 'Trees', 'red apples', 'green apples, red leaves', 'apples'),
    chat('new', 2, 'Red apples', 'nothing of it'),
    chat('none', 3, 'Apples', 'red'),
  ];
  const ask = (query: string, limit = 10, whole: string[] = []) =>
    scan(chats, { words: wordsOf(query), limit, whole });

  it('wants all words in one message or in the title, newest chat first', () => {
    const { chats: hits, found } = ask('RED apples');
    expect(hits.map(({ id, hits, messages }) => [id, hits, messages.map((one) => one.id)])).toEqual(
      [
        ['new', 0, []],
        ['old', 2, ['old0', 'old1']],
      ],
    );
    expect(found).toBe(2);
  });

  it('gives as many chats as were asked for, and counts all', () => {
    const { chats: hits, found } = ask('a', 1);
    expect([hits.length, found]).toEqual([1, 3]);
  });

  it('gives three snippets of a chat, or all', () => {
    const many = [chat('many', 1, 'Many', ...Array.from({ length: 9 }, (_, n) => `word ${n}`))];
    const size = (whole: string[]) =>
      scan(many, { words: ['word'], limit: 9, whole }).chats[0]!.messages.length;
    expect([size([]), size(['many'])]).toEqual([3, 9]);
  });

  it('finds nothing for no words', () => expect(ask(' ')).toEqual({ chats: [], found: 0 }));
});
