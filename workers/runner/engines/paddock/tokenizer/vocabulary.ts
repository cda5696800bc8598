/** The vocabulary as a GGUF file lists it, checked. */
import type { GgufScalar, Metadata } from '#core/gguf/metadata';
import { quote } from '#core/gguf/metadata';
import { PaddockError } from '#core/errors';
import { endsOf } from './ends';
import { badVocabulary } from './faults';

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
  /** Texts by id, as the file spells them. */
  readonly tokens: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
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
  const tokens = listOf(metadata, 'tokens', (value) => typeof value === 'string');
  if (!tokens || tokens.length === 0) throw badVocabulary(`${PREFIX}tokens`, 'is missing');
  const ids = new Map<string, number>();
  tokens.forEach((token, id) => {
    // Some files have empty texts for ids that the model does not use.
    ids.set(token === '' ? `[EMPTY_${id}]` : token, id);
  });
  if (ids.size !== tokens.length) throw duplicate(tokens);
  const types = readTypes(metadata, tokens.length);
  const special = (name: string, otherwise?: number) =>
    readSpecial(metadata, name, tokens.length, otherwise);
  const eos = special('eos', usual.eos);
  const ends = endsOf(ids, [eos, ...OTHER_ENDS.map((name) => special(name))]);
  for (const id of ends) if (types[id] !== TokenType.user) types[id] = TokenType.control;
  return {
    tokens,
    ids,
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
  const scores = listOf(metadata, 'scores', (value) => typeof value === 'number');
  if (!scores) throw badVocabulary(`${PREFIX}scores`, 'is missing');
  if (scores.length !== tokens) throw wrongLength('scores', scores.length, tokens);
  if (scores.some(Number.isNaN)) throw badVocabulary(`${PREFIX}scores`, 'holds a NaN');
  return scores;
}

/** @throws PaddockError `model_unreadable` */
export function readMerges(metadata: Metadata): string[] {
  const merges = listOf(metadata, 'merges', (value) => typeof value === 'string');
  if (!merges) throw badVocabulary(`${PREFIX}merges`, 'is missing');
  return merges;
}

/** @throws PaddockError `model_unreadable` where it is no truth value */
export function flagOf(metadata: Metadata, name: string): boolean | undefined {
  const value = metadata.get(PREFIX + name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw badVocabulary(PREFIX + name, 'is not true or false');
}

function readTypes(metadata: Metadata, tokens: number): Uint8Array {
  const types = listOf(metadata, 'token_type', (value) => typeof value === 'number');
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

function listOf<T extends GgufScalar>(
  metadata: Metadata,
  name: string,
  is: (value: GgufScalar) => value is T,
): T[] | undefined {
  const list = metadata.get(PREFIX + name);
  if (list === undefined) return undefined;
  if (typeof list !== 'object') throw badVocabulary(PREFIX + name, 'is not a list');
  if (!list.values) throw new PaddockError('internal', `${PREFIX}${name} was not kept.`);
  if (!list.values.every(is)) throw badVocabulary(PREFIX + name, 'holds values of another type');
  return list.values;
}

function duplicate(tokens: readonly string[]): PaddockError {
  const seen = new Set<string>();
  const twice = tokens.find((token) => token !== '' && (seen.has(token) || !seen.add(token))) ?? '';
  return badVocabulary(`${PREFIX}tokens`, `has ${quote(twice)} twice`);
}

function wrongLength(name: string, length: number, tokens: number): PaddockError {
  return badVocabulary(PREFIX + name, `has ${length} entries for ${tokens} tokens`);
}
