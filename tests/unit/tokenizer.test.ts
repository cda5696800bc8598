import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readGgufHeader, type GgufHeader } from '#core/gguf';
import { starterBytes } from '../../scripts/fixtures/starter-bytes';
import {
  keepVocabulary,
  readTokenizer,
} from '../../workers/runner/engines/paddock/tokenizer/read-tokenizer';
import { TextStream } from '../../workers/runner/engines/paddock/tokenizer/stream';
import type { Tokenizer } from '../../workers/runner/engines/paddock/tokenizer/tokenizer';
import { ARCHITECTURE, gguf } from '../fixtures/gguf-builder';
import { fingerprint } from '../fixtures/tokenizer/fingerprint';
import { smallBytePairs, smallSentencePieces } from '../fixtures/tokenizer/small-vocabularies';
import { TEXTS } from '../fixtures/tokenizer/texts';

const FOLDER = 'tests/fixtures/tokenizer';
const ALL = { addSpecial: true, parseSpecial: true };
const PLAIN = { addSpecial: false, parseSpecial: false };

/** What wllama makes of each of TEXTS: scripts/fixtures/token-vectors.ts. */
const starterVectors = JSON.parse(readFileSync(`${FOLDER}/smollm2.json`, 'utf8')) as {
  ids: number[][];
  ends: number[];
};
const smallVectors = JSON.parse(readFileSync(`${FOLDER}/small.json`, 'utf8')) as Record<
  string,
  { ends: number[]; prints: number[] }
>;

let starter: Tokenizer;
beforeAll(async () => {
  starter = readTokenizer(await headerOf(await starterBytes()), 49_152);
});

function headerOf(file: Uint8Array): Promise<GgufHeader> {
  const read = async (offset: number, length: number) => file.subarray(offset, offset + length);
  return readGgufHeader(read, file.length, { keepArray: keepVocabulary });
}

async function small(name: string): Promise<Tokenizer> {
  const { pairs, tokens } = name.startsWith('pieces')
    ? smallSentencePieces(name === 'pieces')
    : smallBytePairs(name);
  return readTokenizer(await headerOf(gguf({ pairs: [ARCHITECTURE, ...pairs] })), tokens);
}

function textOf(tokenizer: Tokenizer, tokens: readonly number[]): string {
  const stream = new TextStream();
  return tokens.map((token) => stream.push(tokenizer.bytes(token))).join('') + stream.end();
}

describe("the starter's tokenizer", () => {
  test.each(TEXTS.map((text, at) => [JSON.stringify(text.slice(0, 40)), at] as const))(
    'reads %s as wllama does',
    (_, at) => {
      expect(starter.encode(TEXTS[at]!, ALL)).toEqual(starterVectors.ids[at]);
    },
  );

  test('has the ends that wllama has', () => {
    expect([...starter.ends].sort((a, b) => a - b)).toEqual(starterVectors.ends);
  });

  test('gives each text back', () => {
    // Bytes that stand in no text of its training have no token, and are dropped as llama.cpp drops them.
    const lost = TEXTS.filter((text) => textOf(starter, starter.encode(text, PLAIN)) !== text);
    expect(lost.map((text) => JSON.stringify(text))).toEqual([]);
  });

  test('reads special tokens only where it is asked to', () => {
    const name = '<|im_end|>';
    expect(starter.encode(name, { addSpecial: false, parseSpecial: true })).toEqual([2]);
    expect(starter.encode(name, PLAIN).length).toBeGreaterThan(2);
    expect(starter.bytes(2)).toHaveLength(0);
    expect(starter.name(2)).toBe(name);
  });

  test('reads half a surrogate pair as U+FFFD', () => {
    expect(starter.encode('a\ud800b', PLAIN)).toEqual(starter.encode('a\ufffdb', PLAIN));
  });

  test('reads a word of 100,000 letters, and merges it whole', () => {
    const word = 'ab'.repeat(50_000);
    const tokens = starter.encode(word, PLAIN);
    expect(tokens.length).toBeLessThan(50_001);
    expect(textOf(starter, tokens)).toBe(word);
  });
});

describe.each(Object.keys(smallVectors))('a small vocabulary: %s', (name) => {
  test('reads every text as wllama does', async () => {
    const tokenizer = await small(name);
    const wrong = TEXTS.filter((text, at) => {
      return fingerprint(tokenizer.encode(text, ALL)) !== smallVectors[name]!.prints[at];
    });
    expect(wrong).toEqual([]);
    expect([...tokenizer.ends].sort((a, b) => a - b)).toEqual(smallVectors[name]!.ends);
  });

  test('gives each text back', async () => {
    const tokenizer = await small(name);
    const pieces = name.startsWith('pieces');
    // SentencePiece may spell `<0x41>` with that very token, and puts a blank behind what is added to it.
    const texts = TEXTS.filter(
      (text) => text !== '' && !(pieces && /<|====--|\[INST\]/.test(text)),
    );
    for (const text of texts) {
      const read = textOf(tokenizer, tokenizer.encode(text, PLAIN));
      // A blank and U+2581 have one spelling there.
      const spelt = pieces ? text.replaceAll('▁', ' ') : text;
      expect(read).toBe((name === 'pieces' ? ' ' : '') + spelt);
    }
  });
});

test('text comes in whole characters, however the bytes are cut', () => {
  const bytes = new TextEncoder().encode('a€👩🏽‍💻é\ufeffz');
  for (let size = 1; size <= 5; size++) {
    const stream = new TextStream();
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      pieces.push(stream.push(bytes.subarray(at, at + size)));
    }
    expect(pieces.join('') + stream.end()).toBe('a€👩🏽‍💻é\ufeffz');
    expect(pieces.every((piece) => piece.isWellFormed() && !piece.includes('\ufffd'))).toBe(true);
  }
});

test('a character that is never completed becomes U+FFFD, and so does a wrong byte', () => {
  const stream = new TextStream();
  expect(stream.push(Uint8Array.of(0x61, 0xe2, 0x82))).toBe('a');
  expect(stream.push(Uint8Array.of(0x62, 0xff))).toBe('\ufffdb\ufffd');
  expect(stream.push(Uint8Array.of(0xf0, 0x9f))).toBe('');
  expect(stream.end()).toBe('\ufffd');
});
