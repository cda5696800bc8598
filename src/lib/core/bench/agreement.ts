/**
 * Forced decoding: how many of the next tokens agree with a reference's, given the reference's text each time. A
 * candidate goes on greedily; at the first other token a miss is counted, and it goes on behind the reference's own.
 * So one near tie costs one token, and not all behind it.
 *
 * Near ties are not left out: the reference of a GGUF is llama.cpp's, which tells no log-probabilities here, and those of
 * the candidate would let a wrong engine excuse itself. The text is one that models are sure of instead (`prompts.ts`),
 * a miss of 128 is allowed, and each is told with its place and both tokens, so that a person can look.
 */
import type { Agreement, Miss } from '#core/bench/run';

/** Tokens that a reference has. */
export const AGREEMENT_TOKENS = 128;
/** From here on the answer is known. */
export const MOST_MISSES = 8;
/** The share below which a candidate's numbers are struck out. */
export const LEAST_AGREEMENT = 0.99;

export interface ForcedDecoding {
  readonly prompt: readonly number[];
  /** What the reference wrote behind the prompt. */
  readonly reference: readonly number[];
  /** Tokens of the reference that were compared. */
  readonly compared: number;
  readonly misses: readonly Miss[];
}

/** Before the first call. `reference` holds one token at least. */
export function beginForced(
  prompt: readonly number[],
  reference: readonly number[],
): ForcedDecoding {
  return { prompt, reference, compared: 0, misses: [] };
}

/** What to ask of the candidate next; null: it has ended. */
export function nextForced(state: ForcedDecoding): { prompt: number[]; generate: number } | null {
  const { prompt, reference, compared, misses } = state;
  if (compared >= reference.length || misses.length >= MOST_MISSES) return null;
  return {
    prompt: [...prompt, ...reference.slice(0, compared)],
    generate: reference.length - compared,
  };
}

/** After a call that gave `ids`. One that gave none has missed a token, so that every call brings it forward. */
export function forcedBy(state: ForcedDecoding, ids: readonly number[]): ForcedDecoding {
  const { reference, compared, misses } = state;
  const rest = reference.slice(compared);
  const differs = rest.findIndex((id, at) => id !== ids[at]);
  const same = differs < 0 ? rest.length : differs;
  // It may have given less than was asked, all of it right.
  const short = same > 0 && same === ids.length;
  if (differs < 0 || short) return { ...state, compared: compared + same };
  const at = compared + same;
  const miss = { at, expected: reference[at]!, got: ids[same] ?? null };
  return { ...state, compared: at + 1, misses: [...misses, miss] };
}

/** Of what was compared so far. `by`: who wrote the reference, for people to read. */
export function agreementOf({ compared, misses }: ForcedDecoding, by: string): Agreement {
  const agreed = compared - misses.length;
  const state = compared > 0 && agreed / compared >= LEAST_AGREEMENT ? 'agrees' : 'differs';
  const missed = misses.length > 0 ? { misses: [...misses] } : {};
  return { state, agreed, of: compared, reference: by, ...missed };
}
