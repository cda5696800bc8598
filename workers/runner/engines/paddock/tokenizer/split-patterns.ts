/** How a byte-level BPE cuts a text into words before it merges: facts of each model's training. */
import { PaddockError } from '#core/errors';
import { quote } from '#core/gguf/metadata';
import type { PaddockSplitting } from '#core/paddock-limits';

export interface Splitting {
  /** Each cuts what the ones before it left whole. */
  patterns: readonly RegExp[];
  /** A word that is a token is taken whole, without merging. */
  wholeWords: boolean;
  /** BOS goes in front unless the file says otherwise. */
  addBos: boolean;
}

/** White space as llama.cpp knows it: JavaScript's `\s` lacks U+0085 and has U+FEFF. */
const S = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LAST_SPACES = `[${S}]+(?![^${S}])`;
const CONTRACTIONS = `'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])`;

const GPT2 =
  `'(?:[stmd]|re|ve|ll)| ?\\p{L}+| ?\\p{N}+| ?[^${S}\\p{L}\\p{N}]+|` + `${LAST_SPACES}|[${S}]+`;
/** GPT-4's cut, of which later models differ in how many digits stay together. */
const gpt4 = (digits: string) =>
  `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^${S}\\p{L}\\p{N}]+[\\r\\n]*|` +
  `[${S}]*[\\r\\n]+|${LAST_SPACES}|[${S}]+`;
/** Words by their case: capitals, then small letters. */
const TEKKEN =
  '[^\\r\\n\\p{L}\\p{N}]?(?:(?=\\p{L})[^a-z])*(?:(?=\\p{L})[^A-Z])+|' +
  '[^\\r\\n\\p{L}\\p{N}]?(?:(?=\\p{L})[^a-z])+(?:(?=\\p{L})[^A-Z])*|' +
  `\\p{N}| ?[^${S}\\p{L}\\p{N}]+[\\r\\n/]*|[${S}]*[\\r\\n]+|${LAST_SPACES}|[${S}]+`;

const SPLITTINGS: [names: PaddockSplitting[], splitting: Splitting][] = [
  [['gpt-2', 'phi-2', 'mpt', 'olmo', 'jais', 'gigachat'], splitting([GPT2])],
  [['', 'default'], splitting(['[\\p{P}$+<=>^~|]+', GPT2, '\\p{N}+', '[0-9][0-9][0-9]'])],
  [['falcon'], splitting(['[\\p{P}$+<=>^~|`]+', GPT2, '[0-9][0-9][0-9]'])],
  [
    ['smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'minerva-7b'],
    splitting(['\\p{N}', GPT2]),
  ],
  [
    ['llama-bpe', 'llama3', 'llama-v3', 'falcon3'],
    splitting([gpt4('\\p{N}{1,3}')], { wholeWords: true, addBos: true }),
  ],
  [['smaug-bpe', 'dbrx'], splitting([gpt4('\\p{N}{1,3}')])],
  [['qwen2', 'stablelm2', 'deepseek-r1-qwen', 'megrez'], splitting([gpt4('\\p{N}')])],
  [['tekken'], splitting([TEKKEN], { wholeWords: true, addBos: true })],
  [
    ['deepseek-coder'],
    splitting([
      '[\\r\\n]',
      `[${S}]?\\p{L}+`,
      `[${S}]?\\p{P}+`,
      '[\\u0800-\\u9fa5\\uac00-\\ud7ff]+',
      '\\p{N}',
    ]),
  ],
];

const BY_NAME = new Map<string, Splitting>(
  SPLITTINGS.flatMap(([names, each]) => names.map((name) => [name, each] as const)),
);

/**
 * The splitting that `tokenizer.ggml.pre` names; files without the key are as old as the default.
 * @throws PaddockError `not_supported` for one that is not known: its tokens would be subtly wrong
 */
export function splittingOf(pre: string): Splitting {
  const found = BY_NAME.get(pre);
  if (found) return found;
  throw new PaddockError(
    'not_supported',
    `This engine does not know how the model cuts its words: tokenizer.ggml.pre is ${quote(pre)}.`,
    { key: 'tokenizer.ggml.pre', value: pre },
  );
}

function splitting(
  patterns: string[],
  { wholeWords = false, addBos = false }: Partial<Splitting> = {},
): Splitting {
  return { patterns: patterns.map((source) => new RegExp(source, 'gu')), wholeWords, addBos };
}

/** Cuts a text into words. What a pattern does not match stays, as a word of its own, in its place. */
export function splitWords(text: string, patterns: readonly RegExp[]): string[] {
  return patterns.reduce((words, pattern) => words.flatMap((word) => cut(word, pattern)), [text]);
}

function cut(word: string, pattern: RegExp): string[] {
  const words: string[] = [];
  let at = 0;
  for (const match of word.matchAll(pattern)) {
    if (match.index > at) words.push(word.slice(at, match.index));
    words.push(match[0]);
    at = match.index + match[0].length;
  }
  if (at < word.length) words.push(word.slice(at));
  return words;
}
