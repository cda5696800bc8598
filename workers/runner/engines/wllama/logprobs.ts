/**
 * llama.cpp's log-probabilities as the seam has them. They are the model's own: its server takes them from the logits
 * before all sampling, unless `post_sampling_probs` asks otherwise.
 */
import type { Logprob, TokenLogprob } from '#core/engine';
import { PaddockError } from '#core/errors';
import { named } from '../paddock/generate/logprobs';
import type { Tokenizer } from '../paddock/tokenizer/tokenizer';

/** `token` and `bytes` are empty of a control token; of a chosen token they are what was sent with it. */
export interface ServerLogprob {
  id: number;
  token: string;
  bytes: number[];
  logprob: number;
  top_logprobs?: ServerLogprob[];
}

/**
 * A chosen token's.
 * @param top how many of the likeliest were asked for
 * @param tokenizer absent: control tokens have no name
 */
export function toLogprob(
  { top_logprobs = [], ...chosen }: ServerLogprob,
  top: number,
  tokenizer: Tokenizer | undefined,
): TokenLogprob {
  const likeliest = top_logprobs.slice(0, top);
  return {
    ...written(chosen, tokenizer),
    top_logprobs: likeliest.map((other) => written(other, tokenizer)),
  };
}

function written(
  { id, token, bytes, logprob }: ServerLogprob,
  tokenizer: Tokenizer | undefined,
): Logprob {
  if (bytes.length === 0 && tokenizer) return named(id, logprob, tokenizer);
  // The server's own text leaves out what is no whole character.
  const text = bytes.length > 0 ? new TextDecoder().decode(Uint8Array.from(bytes)) : token;
  return { token: text, bytes, logprob };
}

/**
 * wllama 3.8.1 writes its answer as JSON that takes whole characters only (`wllama-context.h`, `data_json.dump()`), and
 * gives none where a likely token is the end of one: its worker then takes what stands in its memory for a length.
 */
export function explained(error: unknown): unknown {
  const cut = error instanceof PaddockError && /typed array length/i.test(error.message);
  if (!cut) return error;
  return new PaddockError(
    'not_supported',
    'llama.cpp cannot tell the probabilities of a part of a character, and one is likely here. ' +
      'Ask again without logprobs.',
    { field: 'logprobs' },
  );
}
