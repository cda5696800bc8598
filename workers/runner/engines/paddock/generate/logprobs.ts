/** Log-probabilities as they travel: tokens by their text and bytes. */
import type { Logprob, TokenLogprob } from '#core/engine';
import type { Choice } from '../sampler/sampler';
import type { Tokenizer } from '../tokenizer/tokenizer';

/** The choice's log-probabilities; absent when they were not asked for. */
export function toLogprob(
  { token, logprobs }: Choice,
  tokenizer: Tokenizer,
): TokenLogprob | undefined {
  if (!logprobs) return undefined;
  return {
    ...named(token, logprobs.chosen, tokenizer),
    top_logprobs: logprobs.top.map((other) => named(other.token, other.logprob, tokenizer)),
  };
}

/** A control token has no bytes, so the file's name stands for it. */
export function named(token: number, logprob: number, tokenizer: Tokenizer): Logprob {
  const bytes = tokenizer.bytes(token);
  const text = bytes.length > 0 ? new TextDecoder().decode(bytes) : tokenizer.name(token);
  return { token: text, bytes: [...bytes], logprob };
}
