/** Decode, prompt and time to the first token, the engines in turns, so that drift falls on all alike. */
import { loaded } from './contestants';
import type { Contestant } from './names';

export interface Sizes {
  rounds: number;
  /** Tokens of the prompt that is timed for itself; the tiny models get `TINY_PROMPT` at most. */
  prompt: number;
  /** Tokens of a reply. */
  generate: number;
}

/** A value a round. */
export interface Samples {
  /** Milliseconds to the first token behind a prompt of `SHORT`. */
  firstToken: number[];
  /** Tokens a second. */
  decode: number[];
  prompt: number[];
}

/** Tokens of a short prompt, as a first question has them. */
export const SHORT = 34;
const TINY_PROMPT = 384;

export async function measureRounds(
  names: readonly Contestant[],
  sizes: Sizes,
): Promise<Partial<Record<Contestant, Samples>>> {
  const samples: Partial<Record<Contestant, Samples>> = {};
  for (const name of names) samples[name] = { firstToken: [], decode: [], prompt: [] };
  // Round -1 is warm-up.
  for (let round = -1; round < sizes.rounds; round++) {
    const order = names.map((_, at) => names[(at + Math.max(0, round)) % names.length]!);
    for (const name of round % 2 === 0 ? order : order.reverse()) {
      const { firstToken, decode, prompt } = await measureOnce(name, sizes);
      if (round < 0) continue;
      samples[name]!.firstToken.push(firstToken);
      samples[name]!.decode.push(decode);
      samples[name]!.prompt.push(prompt);
    }
  }
  return samples;
}

/**
 * The time of a reply's tokens is that of a long reply less that of its first token: tokens that come several at a time
 * cannot be timed by their arrivals.
 */
async function measureOnce(
  name: Contestant,
  { prompt, generate }: Sizes,
): Promise<Record<keyof Samples, number>> {
  const timed = async (tokens: number, more: number) => {
    const ids = Array.from({ length: tokens }, (_, at) => 10 + ((at * 7919) % 300));
    const { sample } = await loaded(name).measure({ prompt: ids, generate: 1 + more });
    if (sample.cachedTokens > 0) throw new Error(`${name} took the prompt from its cache.`);
    return sample.endMs!;
  };
  const long = name.endsWith('tiny') ? Math.min(prompt, TINY_PROMPT) : prompt;
  const firstToken = await timed(SHORT, 0);
  const reply = await timed(SHORT, generate);
  return {
    firstToken,
    decode: (1000 * generate) / (reply - firstToken),
    prompt: (1000 * long) / (await timed(long, 0)),
  };
}
