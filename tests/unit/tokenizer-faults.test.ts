import { describe, expect, test } from 'vitest';
import { readGgufHeader } from '#core/gguf';
import {
  keepVocabulary,
  readTokenizer,
} from '../../workers/runner/engines/paddock/tokenizer/read-tokenizer';
import {
  ARCHITECTURE,
  ARRAY,
  BOOL,
  STRING,
  U32,
  bytesOf,
  gguf,
  pair,
} from '../fixtures/gguf-builder';

const key = (name: string) => `tokenizer.ggml.${name}`;
const texts = (name: string, values: string[]) =>
  pair(
    key(name),
    ARRAY,
    { u32: STRING },
    { u64: BigInt(values.length) },
    bytesOf(...values.map((text) => ({ text }))),
  );
const numbers = (name: string, values: number[]) =>
  pair(
    key(name),
    ARRAY,
    { u32: U32 },
    { u64: BigInt(values.length) },
    bytesOf(...values.map((u32) => ({ u32 }))),
  );

const I32 = 5;

type Parts = Record<string, Uint8Array | undefined>;

const TOKENS = ['<s>', 'a', 'b', 'ab', '</s>'];
const GOOD: Parts = {
  model: pair(key('model'), STRING, { text: 'gpt2' }),
  pre: pair(key('pre'), STRING, { text: 'gpt-2' }),
  tokens: texts('tokens', TOKENS),
  types: numbers('token_type', [3, 1, 1, 1, 3]),
  merges: texts('merges', ['a b']),
};
const PIECES: Parts = { model: pair(key('model'), STRING, { text: 'llama' }), merges: undefined };

async function read(changes: Parts, rows = TOKENS.length) {
  const pairs = Object.values({ ...GOOD, ...changes }).filter((part) => part !== undefined);
  const file = gguf({ pairs: [ARCHITECTURE, ...pairs] });
  const at = async (offset: number, length: number) => file.subarray(offset, offset + length);
  return readTokenizer(await readGgufHeader(at, file.length, { keepArray: keepVocabulary }), rows);
}

test('a good vocabulary', async () => {
  const tokenizer = await read({ bos: pair(key('bos_token_id'), U32, { u32: 0 }) });
  expect(tokenizer.encode('abba', { addSpecial: true, parseSpecial: true })).toEqual([3, 2, 1]);
  expect([...tokenizer.ends]).toEqual([4]);
});

test('puts in front and behind what the file asks for', async () => {
  const tokenizer = await read({
    bos: pair(key('bos_token_id'), U32, { u32: 0 }),
    eos: pair(key('eos_token_id'), U32, { u32: 4 }),
    addBos: pair(key('add_bos_token'), BOOL, { u8: 1 }),
    addEos: pair(key('add_eos_token'), BOOL, { u8: 1 }),
  });
  expect(tokenizer.encode('ab', { addSpecial: true, parseSpecial: true })).toEqual([0, 3, 4]);
  expect(tokenizer.encode('ab', { addSpecial: false, parseSpecial: true })).toEqual([3]);
});

test('two empty tokens are two tokens that no text has', async () => {
  const tokenizer = await read({ tokens: texts('tokens', ['', 'a', 'b', 'ab', '']) });
  expect(tokenizer.encode('ab', { addSpecial: false, parseSpecial: true })).toEqual([3]);
});

const id = (name: string, u32: number) => pair(key(`${name}_token_id`), U32, { u32 });

test('ids that are no token say nothing', async () => {
  const tokenizer = await read({
    bos: id('bos', 5),
    eos: id('eos', 2 ** 32 - 1),
    padding: id('padding', 2 ** 32 - 1),
    unknown: id('unknown', 100_000),
    eom: pair(key('eom_token_id'), I32, { u32: 2 ** 32 - 1 }),
  });
  expect([tokenizer.bos, tokenizer.eos]).toEqual([undefined, undefined]);
  expect([...tokenizer.ends]).toEqual([4]);
});

describe('SentencePiece', () => {
  const pieces = { ...PIECES, scores: numbers('scores', [1, 2, 3, 4, 5]) };

  test('begins with 1 and ends with 2 where the file names no tokens, or none that there are', async () => {
    for (const ids of [{}, { bos: id('bos', 5), eos: id('eos', 99) }]) {
      const tokenizer = await read({ ...pieces, ...ids });
      expect([tokenizer.bos, tokenizer.eos]).toEqual([1, 2]);
      expect([...tokenizer.ends].sort()).toEqual([2, 4]);
    }
  });

  test('goes by the file where it names them', async () => {
    const tokenizer = await read({ ...pieces, bos: id('bos', 0), eos: id('eos', 4) });
    expect([tokenizer.bos, tokenizer.eos]).toEqual([0, 4]);
    expect([...tokenizer.ends]).toEqual([4]);
  });
});

test.each<[fault: string, changes: Parts, says: RegExp]>([
  ['no tokens', { tokens: undefined }, /tokenizer\.ggml\.tokens is missing/],
  ['tokens that are numbers', { tokens: numbers('tokens', [1, 2]) }, /ggml\.tokens holds values/],
  [
    'tokens that are one text',
    { tokens: pair(key('tokens'), STRING, { text: 'a' }) },
    /not a list/,
  ],
  ['a token twice', { tokens: texts('tokens', ['a', 'a', 'b', 'ab', '']) }, /tokens has "a" twice/],
  ['too few types', { types: numbers('token_type', [1]) }, /token_type has 1 entries for 5 tokens/],
  ['no merges', { merges: undefined }, /ggml\.merges is missing/],
  ['a merge of an unknown token', { merges: texts('merges', ['a c']) }, /merges merges "a c"/],
  ['a merge into an unknown token', { merges: texts('merges', ['b a']) }, /merges merges "b a"/],
  ['a merge of one token', { merges: texts('merges', ['ab']) }, /merges merges "ab"/],
  ['an empty merge', { merges: texts('merges', ['']) }, /merges merges ""/],
  [
    'an EOS that is a text',
    { eos: pair(key('eos_token_id'), STRING, { text: '1' }) },
    /eos_token_id/,
  ],
  [
    'a flag that is a number',
    { flag: pair(key('add_bos_token'), U32, { u32: 1 }) },
    /add_bos_token/,
  ],
  ['no scores', PIECES, /ggml\.scores is missing/],
  ['too few scores', { ...PIECES, scores: numbers('scores', [1]) }, /scores has 1 entries/],
  [
    'a byte without its name',
    {
      ...PIECES,
      scores: numbers('scores', [1, 2, 3, 4, 5]),
      types: numbers('token_type', [3, 6, 1, 1, 3]),
    },
    /token_type has "a" for a byte/,
  ],
])('%s is refused', async (_, changes, says) => {
  await expect(read(changes)).rejects.toMatchObject({
    code: 'model_unreadable',
    message: expect.stringMatching(says) as string,
  });
});

test("a vocabulary of another size than the embedding's is refused", async () => {
  await expect(read({}, 6)).rejects.toMatchObject({
    code: 'model_unreadable',
    message: expect.stringMatching(/5 tokens, and token_embd\.weight 6 rows/) as string,
  });
});

test.each([
  ['model', 'bert'],
  ['pre', 'somebody-elses'],
])('a %s that is not known is left to another engine', async (name, value) => {
  const changes = { [name]: pair(key(name), STRING, { text: value }) };
  await expect(read(changes)).rejects.toMatchObject({
    code: 'not_supported',
    detail: { key: key(name), value },
  });
});
