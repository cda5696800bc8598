/** Cutting by counts alone takes what cutting by tokens would: against a vocabulary that knows where they are. */
import { describe, expect, it } from 'vitest';
import { cutText } from '../../workers/runner/engines/wllama/cut-text';

/** Whole words and beginnings of words; `##` for what follows inside a word; every letter is there too. */
const VOCABULARY = new Set([
  ...[
    'strawberry',
    'straw',
    'embed',
    '##ding',
    '##dings',
    '##ber',
    'the',
    'house',
    '##boat',
    '##ed',
  ],
  ...[...'abcdefghijklmnopqrstuvwxyz,.é😀漢字'].flatMap((letter) => [letter, `##${letter}`]),
]);

/** The longest first, as BERT's tokens are; each with the place where it ends. */
function tokensOf(text: string): { token: string; end: number }[] {
  const found: { token: string; end: number }[] = [];
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    for (let at = 0; at < word.length;) {
      let end = word.length;
      const piece = () => (at > 0 ? '##' : '') + word.slice(at, end);
      while (!VOCABULARY.has(piece())) {
        end--;
        if (end === at) throw new Error(`no token begins ${JSON.stringify(word.slice(at))}`);
      }
      found.push({ token: piece(), end: index + end });
      at = end;
    }
  }
  return found;
}

/** With [CLS] and [SEP]. */
const count = (text: string) => Promise.resolve(tokensOf(text).length + 2);

/** What is left where the tokens themselves are cut. */
function cutByTokens(text: string, limit: number): string {
  return text.slice(0, tokensOf(text)[limit - 3]?.end ?? 0);
}

async function cut(text: string, limit: number) {
  const asked: number[] = [];
  const left = await cutText(text, await count(text), limit, (part) => {
    asked.push(part.length);
    return count(part);
  });
  return { left, asked };
}

const SENTENCE = 'the embeddings, the strawberry embedding. a houseboated house  x\n\tthe😀é ';

describe.each([
  ['a sentence', SENTENCE],
  ['many of them', SENTENCE.repeat(12)],
  ['one word', 'embeddingsstrawberryhouseboat'],
  ['a script without spaces', '漢字'.repeat(20)],
  ['letters of two units', '😀 😀😀😀 '.repeat(30)],
  ['white space at both ends', `\n\n  ${SENTENCE.repeat(3)}   `],
])('%s', (_, text) => {
  it('keeps exactly the tokens that fit, for every limit', async () => {
    const most = await count(text);
    for (let limit = 2; limit < most; limit++) {
      const { left } = await cut(text, limit);
      expect(tokensOf(left), `${limit} of ${most}`).toEqual(tokensOf(text).slice(0, limit - 2));
      expect(left.trimEnd(), `${limit} of ${most}`).toBe(cutByTokens(text, limit));
      expect(left.isWellFormed()).toBe(true);
    }
  });
});

it('looks at little of a long text, and not often', async () => {
  const text = 'the strawberry house of embeddings '.repeat(50_000);
  const { left, asked } = await cut(text, 512);
  expect(await count(left)).toBe(512);
  expect(Math.max(...asked)).toBeLessThan(20_000);
  expect(asked.length).toBeLessThan(60);
});

it('a context without room for any word leaves nothing', async () => {
  expect((await cut(SENTENCE, 2)).left).toBe('');
});
