import { describe, expect, it } from 'vitest';
import { readGgufHeader } from '#core/gguf';
import { TextList } from '#core/gguf/text-list';
import { TokenTable } from '../../workers/runner/engines/paddock/tokenizer/token-table';
import { ARCHITECTURE, ARRAY, STRING, bytesOf, gguf, pair } from '../fixtures/gguf-builder';

async function read(texts: string[]): Promise<TextList> {
  const list = pair(
    'a.list',
    ARRAY,
    { u32: STRING },
    { u64: BigInt(texts.length) },
    bytesOf(...texts.map((text) => ({ text }))),
  );
  const file = gguf({ pairs: [list, ARCHITECTURE] });
  const at = async (offset: number, length: number) => file.subarray(offset, offset + length);
  const header = await readGgufHeader(at, file.length, { keepArray: () => true });
  const kept = header.metadata.get('a.list');
  if (!(kept instanceof TextList)) throw new Error('The list was not kept.');
  return kept;
}

/** Texts of 0 to 40 letters of one to four bytes each: several windows of the reader. */
const MANY = Array.from({ length: 20_000 }, (_, index) =>
  `${index} ${'aé▁😀'.repeat(index % 11)}`.slice(index % 3 === 0 ? 0 : 1),
);

describe('a kept list of texts', () => {
  it.each([
    ['none', []],
    ['empty ones', ['', '', '']],
    ['one with a byte order mark', ['\ufeffa', 'a']],
    ['many, over several windows', MANY],
    ['one longer than a window', ['a', 'é'.repeat(300_000), 'b']],
  ])('%s', async (_, texts) => {
    const list = await read(texts);
    expect(list.length).toBe(texts.length);
    expect(list.values).toEqual(texts);
  });
});

describe('a table of tokens', () => {
  it('knows the id of each text, and the text of each id', async () => {
    const texts = [...new Set(MANY)];
    const table = new TokenTable(await read(texts), 'tokens');
    expect(texts.findIndex((text, id) => table.id(text) !== id || table.text(id) !== text)).toBe(
      -1,
    );
    for (const other of ['', 'a', `${texts.at(-1)}a`, '\u0000']) {
      expect(table.id(other)).toBeUndefined();
    }
    for (const none of [-1, texts.length, NaN]) expect(table.text(none)).toBe('');
  });

  it('has no id for empty texts, however many there are', async () => {
    const table = new TokenTable(await read(['', 'a', '']), 'tokens');
    expect([table.length, table.id(''), table.id('a')]).toEqual([3, undefined, 1]);
  });

  it('compares bytes, and says no behind the last token', async () => {
    const table = new TokenTable(await read(['ab', 'a', '']), 'tokens');
    const bytes = new TextEncoder().encode('xab');
    expect([0, 1, 2, 3, 4].map((id) => table.is(id, bytes, 1, 3))).toEqual([
      ...[true, false, false, false, false],
    ]);
    expect([table.is(2, bytes, 1, 1), table.is(3, bytes, 1, 1)]).toEqual([true, false]);
    expect([table.find(bytes, 1, 3), table.find(bytes, 1, 2), table.find(bytes, 0, 3)]).toEqual([
      ...[0, 1, -1],
    ]);
  });
});
