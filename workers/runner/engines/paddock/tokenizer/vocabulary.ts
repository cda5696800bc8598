/** The vocabulary as a GGUF file lists it, checked. */
import type { GgufArray, Metadata } from '#core/gguf/metadata';
import { TextList } from '#core/gguf/text-list';
import { PaddockError } from '#core/errors';
import { endsOf } from './ends';
import { badVocabulary } from './faults';
import { TokenTable } from './token-table';

/** `llama_token_type` of llama.h: what a token stands for. */
export const TokenType = {
  normal: 1,
  unknown: 2,
  control: 3,
  user: 4,
  unused: 5,
  byte: 6,
} as const;

export interface Vocabulary {
  readonly tokens: TokenTable;
  readonly types: Uint8Array;
  readonly ends: ReadonlySet<number>;
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  /** Undefined where the file does not say. */
  readonly addBos: boolean | undefined;
  readonly addEos: boolean;
}

const PREFIX = 'tokenizer.ggml.';
/** Keys of tokens that end a reply as EOS does: of a turn, of a message, and those between a code model's files. */
const OTHER_ENDS = ['eot', 'eom', 'fim_pad', 'fim_rep', 'fim_sep'];
const LISTS = ['tokens', 'token_type', 'scores', 'merges'].map((name) => PREFIX + name);

/** The lists that a tokenizer needs: `readGgufHeader`'s `keepArray`. */
export function keepVocabulary(key: string): boolean {
  return LISTS.includes(key);
}

/** Ids of special tokens. */
export interface Specials {
  bos?: number;
  eos?: number;
}

/**
 * @param usual where the file names none
 * @throws PaddockError `model_unreadable`, naming the key
 */
export function readVocabulary(metadata: Metadata, usual: Specials): Vocabulary {
  const texts = textsOf(metadata, 'tokens');
  if (texts.length === 0) throw missing('tokens');
  const tokens = new TokenTable(texts, `${PREFIX}tokens`);
  const types = readTypes(metadata, tokens.length);
  const special = (name: string, otherwise?: number) =>
    readSpecial(metadata, name, tokens.length, otherwise);
  const eos = special('eos', usual.eos);
  const ends = endsOf(tokens, [eos, ...OTHER_ENDS.map((name) => special(name))]);
  for (const id of ends) if (types[id] !== TokenType.user) types[id] = TokenType.control;
  return {
    tokens,
    types,
    ends,
    bos: special('bos', usual.bos),
    eos,
    addBos: flagOf(metadata, 'add_bos_token'),
    addEos: flagOf(metadata, 'add_eos_token') ?? false,
  };
}

/**
 * Compares the vocabulary with the rows of `token_embd.weight`.
 * @throws PaddockError `model_unreadable`
 */
export function checkRows(tokens: number, rows: number): void {
  if (tokens === rows) return;
  throw badVocabulary(
    `${PREFIX}tokens`,
    `has ${tokens} tokens, and token_embd.weight ${rows} rows`,
  );
}

/** One score a token. @throws PaddockError `model_unreadable` */
export function readScores(metadata: Metadata, tokens: number): number[] {
  const scores = numbersOf(metadata, 'scores');
  if (!scores) throw missing('scores');
  if (scores.length !== tokens) throw wrongLength('scores', scores.length, tokens);
  if (scores.some(Number.isNaN)) throw badVocabulary(`${PREFIX}scores`, 'holds a NaN');
  return scores;
}

/** @throws PaddockError `model_unreadable` */
export function readMerges(metadata: Metadata): TextList {
  return textsOf(metadata, 'merges');
}

/** @throws PaddockError `model_unreadable` where it is no truth value */
export function flagOf(metadata: Metadata, name: string): boolean | undefined {
  const value = metadata.get(PREFIX + name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw badVocabulary(PREFIX + name, 'is not true or false');
}

function readTypes(metadata: Metadata, tokens: number): Uint8Array {
  const types = numbersOf(metadata, 'token_type');
  if (!types) return new Uint8Array(tokens).fill(TokenType.normal);
  if (types.length !== tokens) throw wrongLength('token_type', types.length, tokens);
  return Uint8Array.from(types);
}

/** Files write -1 and 4294967295 for a token that they lack: an id that is none says nothing, as in llama.cpp. */
function readSpecial(
  metadata: Metadata,
  name: string,
  tokens: number,
  otherwise: number | undefined,
): number | undefined {
  const key = `${PREFIX}${name}_token_id`;
  const id = metadata.get(key) ?? otherwise;
  if (id === undefined) return undefined;
  if (typeof id !== 'number' || !Number.isInteger(id)) throw badVocabulary(key, 'is not a token');
  const isToken = (each: number | undefined) => each !== undefined && each >= 0 && each < tokens;
  return [id, otherwise].find(isToken);
}

function textsOf(metadata: Metadata, name: string): TextList {
  const list = listOf(metadata, name);
  if (!list) throw missing(name);
  if (list instanceof TextList) return list;
  throw otherType(name);
}

function numbersOf(metadata: Metadata, name: string): number[] | undefined {
  const list = listOf(metadata, name);
  if (!list) return undefined;
  if (list instanceof TextList) throw otherType(name);
  const { values } = list;
  if (values?.every((value) => typeof value === 'number')) return values;
  throw otherType(name);
}

function listOf(metadata: Metadata, name: string): GgufArray | TextList | undefined {
  const list = metadata.get(PREFIX + name);
  if (list === undefined) return undefined;
  if (typeof list !== 'object') throw badVocabulary(PREFIX + name, 'is not a list');
  if (list instanceof TextList || list.values) return list;
  throw new PaddockError('internal', `${PREFIX}${name} was not kept.`);
}

function missing(name: string): PaddockError {
  return badVocabulary(PREFIX + name, 'is missing');
}

function otherType(name: string): PaddockError {
  return badVocabulary(PREFIX + name, 'holds values of another type');
}

function wrongLength(name: string, length: number, tokens: number): PaddockError {
  return badVocabulary(PREFIX + name, `has ${length} entries for ${tokens} tokens`);
}
